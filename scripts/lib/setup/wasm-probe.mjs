/** Proof that a toolchain builds wasm: it compiles and links a library of one function, which is then called. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../fresh.mjs';
import { userCache } from '../paths.mjs';
import { attempt } from '../process.mjs';
import { wasmTriple } from '../rust.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';

const source =
  '#[unsafe(no_mangle)] pub extern "C" fn twice(x: i32) -> i32 { std::hint::black_box(vec![x, x]).iter().sum() }\n';

/** Compiles, links and runs the probe. */
const probe = (env) =>
  scratchFolder(async (folder) => {
    const [input, output] = [join(folder, 'probe.rs'), join(folder, 'probe.wasm')];
    writeFileSync(input, source);
    const args = [
      '--crate-type=cdylib',
      '--edition=2024',
      `--target=${wasmTriple}`,
      '-O',
      '-o',
      output,
      input,
    ];
    const built = await attempt(env.RUSTC ?? 'rustc', args, { env, cwd: folder });
    if (built.code !== 0) return false;
    const { instance } = await WebAssembly.instantiate(readFileSync(output), {});
    return instance.exports.twice(21) === 42;
  });

/**
 * Whether the toolchain works; a good answer is remembered for that compiler.
 * @param {import('./wasm-target.mjs').Toolchain} toolchain
 */
export async function verified(toolchain) {
  const words = [toolchain.version, toolchain.id, toolchain.env.RUSTC ?? 'rustc', source];
  const hash = hashOf({ base: userCache, words });
  const mark = join(userCache, 'stamps', `wasm-target-${toolchain.from}`);
  if (stamped(mark, hash)) return true;
  if (!(await probe(toolchain.env))) return false;
  stamp(mark, hash);
  return true;
}
