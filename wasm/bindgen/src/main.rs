//! Writes the JavaScript glue of a compiled wasm module.
//!
//! This is the part of `wasm-bindgen-cli` the build needs, as a crate of this workspace: `Cargo.lock` then holds the
//! generator and the `wasm-bindgen` crate at one version, and nothing has to be installed on the machine.

mod args;

use std::process::ExitCode;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::args::{Args, Command, Target};

fn main() -> ExitCode {
    match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => {
            println!("{}", args::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Generate(args)) => match generate(&args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("edgeseal-bindgen: {error:#}");
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("edgeseal-bindgen: {error}\nTry: edgeseal-bindgen --help");
            ExitCode::from(2)
        }
    }
}

fn generate(args: &Args) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&args.input)
        .out_name(&args.out_name)
        .typescript(args.typescript)
        .keep_debug(args.keep_debug)
        .demangle(args.keep_debug)
        .remove_name_section(!args.keep_debug)
        .remove_producers_section(!args.keep_debug)
        .reset_state_function(args.reset_state)
        // The package hands over a compiled module itself; a default URL would make every bundler look for a file.
        .omit_default_module_path(args.target == Target::Web);
    match args.target {
        Target::Web => bindgen.web(true)?,
        Target::Nodejs => bindgen.nodejs(true)?,
        Target::Bundler => bindgen.bundler(true)?,
    };
    bindgen.generate(&args.out_dir).with_context(|| format!("cannot generate glue for {}", args.input.display()))
}
