// The shared vectors, through the public functions of the package: each case by itself, with each kind of cryptography.
// What no public function shows (splitting a query string, reading constraints, bytes that are no policy text) is left
// to the Rust test over the same files.
import { test } from 'node:test';
import * as edgeseal from 'edgeseal';
import * as compat from 'edgeseal/compat';
import * as edge from 'edgeseal/edge';
import { vectorCases } from '../../../tests/runtimes/suite/suite.mjs';
import { collectVectors } from '../../../tests/runtimes/support/data.mjs';

for (const { name, cryptos, check } of vectorCases({ edgeseal, compat, edge }, collectVectors())) {
  for (const crypto of cryptos) test(`${name}, with ${crypto}`, () => check(crypto));
}
