//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Error, Parser, ValueExt};

pub(crate) const HELP: &str = "\
Writes the JavaScript glue of a compiled wasm module.

Usage: edgeseal-bindgen <INPUT.wasm> --out-dir <DIR> [OPTIONS]

Options:
  --out-dir <DIR>     where to write the files (created if missing)
  --out-name <NAME>   stem of the file names [default: stem of INPUT]
  --target <TARGET>   web, nodejs or bundler [default: web]
  --no-typescript     do not write .d.ts files
  --keep-debug        keep names, producers and debug sections
  --reset-state       export a function that starts a fresh instance
  -h, --help          show this text";

/// How the glue obtains and instantiates the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// ES module whose caller hands over the bytes or the compiled module.
    Web,
    /// CommonJS that reads the module from the file system.
    Nodejs,
    /// ES module that imports the `.wasm` file.
    Bundler,
}

/// What to generate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) input: PathBuf,
    pub(crate) out_dir: PathBuf,
    pub(crate) out_name: String,
    pub(crate) target: Target,
    pub(crate) typescript: bool,
    pub(crate) keep_debug: bool,
    pub(crate) reset_state: bool,
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Generate(Args),
}

/// Reads the command line.
///
/// # Errors
/// An unknown option, a missing or doubled operand, or an unknown target.
pub(crate) fn parse(mut parser: Parser) -> Result<Command, Error> {
    let mut input: Option<PathBuf> = None;
    let mut out_dir: Option<PathBuf> = None;
    let mut out_name: Option<String> = None;
    let mut target = Target::Web;
    let mut typescript = true;
    let mut keep_debug = false;
    let mut reset_state = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("out-dir") => out_dir = Some(parser.value()?.into()),
            Arg::Long("out-name") => out_name = Some(parser.value()?.string()?),
            Arg::Long("target") => target = target_named(&parser.value()?)?,
            Arg::Long("no-typescript") => typescript = false,
            Arg::Long("keep-debug") => keep_debug = true,
            Arg::Long("reset-state") => reset_state = true,
            Arg::Value(value) if input.is_none() => input = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    let input = input.ok_or("the input file is missing")?;
    let out_dir = out_dir.ok_or("--out-dir is missing")?;
    let out_name = match out_name {
        Some(name) => name,
        None => input
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or("the input file has no usable name; give --out-name")?
            .to_owned(),
    };
    Ok(Command::Generate(Args { input, out_dir, out_name, target, typescript, keep_debug, reset_state }))
}

fn target_named(name: &OsString) -> Result<Target, Error> {
    match name.to_str() {
        Some("web") => Ok(Target::Web),
        Some("nodejs") => Ok(Target::Nodejs),
        Some("bundler") => Ok(Target::Bundler),
        _ => Err(format!("unknown target {name:?}; known are web, nodejs and bundler").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Command, String> {
        parse(Parser::from_args(words)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_name_comes_from_the_input_and_the_target_is_web_unless_told_otherwise() {
        let command = parsed(&["a/b.wasm", "--out-dir", "out"]).unwrap();
        assert_eq!(
            command,
            Command::Generate(Args {
                input: "a/b.wasm".into(),
                out_dir: "out".into(),
                out_name: "b".into(),
                target: Target::Web,
                typescript: true,
                keep_debug: false,
                reset_state: false,
            })
        );
    }

    #[test]
    fn every_option_is_honoured() {
        let words = [
            "--target=nodejs",
            "--no-typescript",
            "--keep-debug",
            "--reset-state",
            "--out-name=x",
            "--out-dir=out",
            "b.wasm",
        ];
        let Command::Generate(args) = parsed(&words).unwrap() else { panic!("help was not asked for") };
        assert_eq!((args.target, args.typescript, args.keep_debug), (Target::Nodejs, false, true));
        assert_eq!((args.reset_state, args.out_name.as_str()), (true, "x"));
    }

    #[test]
    fn a_wrong_command_line_is_refused_with_what_is_wrong() {
        for (words, message) in [
            (&["--out-dir", "out"][..], "the input file is missing"),
            (&["b.wasm"], "--out-dir is missing"),
            (&["b.wasm", "c.wasm", "--out-dir", "out"], "unexpected argument \"c.wasm\""),
            (
                &["b.wasm", "--out-dir", "out", "--target", "deno"],
                "unknown target \"deno\"; known are web, nodejs and bundler",
            ),
            (&["b.wasm", "--frob"], "invalid option '--frob'"),
            (&["b.wasm", "--out-dir"], "missing argument for option '--out-dir'"),
        ] {
            assert_eq!(parsed(words).unwrap_err(), message, "{words:?}");
        }
    }
}
