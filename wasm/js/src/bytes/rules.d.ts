/** Leaves a module with the consumer in src/wasm/source/packed.ts. Written by the build. */
export {};
