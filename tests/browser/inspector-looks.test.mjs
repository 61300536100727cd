// The inspector for every eye and hand: axe, light and dark, phone and desktop, hostile text, reduced motion.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { example, field, key, openInspector, startInspector, unfold, verdict } from './support/inspector.mjs';
import { signed } from './support/inspector-samples.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures go when somebody wants to look at them. */
const pictures = process.env.EDGESEAL_PICTURES;

let inspector;
before(async () => {
  inspector = await startInspector();
});
after(() => inspector.stop());

const devices = {
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 900 } },
};

/** The states in which people see the page. */
const states = {
  empty: async () => {},
  allowed: (page) => example(page, 'A link that works'),
  expired: (page) => example(page, 'Expired'),
  unjudged: async (page) => {
    await example(page, 'A link that works');
    await field(page, 'Public key').fill('');
    await verdict(page, 'not judged');
  },
  edge: (page) => example(page, 'Upload at the edge'),
  unfolded: async (page) => {
    await example(page, 'Wrong key');
    for (const title of [
      'See the text',
      'Make a link to these findings',
      'The text that is signed',
      'Rules of the edge',
    ])
      await unfold(page, title);
  },
  'private-key': async (page) => {
    await field(page, 'Public key').fill(key('rsa-pkcs8'));
    await page.getByText('That is a private key.').waitFor();
  },
  problem: async (page) => {
    await example(page, 'Expired');
    await field(page, 'Time').fill('yesterday');
    await page.locator('#time-problem', { hasText: 'not a time' }).waitFor();
  },
};

for (const [device, options] of Object.entries(devices)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [state, reach] of Object.entries(states)) {
      test(`accessible and not too wide on a ${device} in ${colorScheme} mode: ${state}`, async () => {
        const { page, done } = await openInspector(inspector, { ...options, colorScheme });
        await reach(page);
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          const path = join(pictures, `inspector-${state}-${device}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: true });
        }
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(
          violations.map(
            (each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`,
          ),
          [],
        );
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
        await done();
      });
    }
  }
}

test('on a phone, buttons are large enough for a thumb, and an example leads to its findings', async () => {
  const { page, done } = await openInspector(inspector, devices.phone);
  for (const button of await page.locator('button').all()) {
    const { height } = await button.boundingBox();
    assert.ok(height >= 44, `${await button.textContent()} is ${height} pixels high`);
  }
  await example(page, 'Expired');
  await verdict(page, 'denied: expired');
  const { y } = await page.locator('.verdict').boundingBox();
  assert.ok(y >= 0 && y < 740, 'the verdict is in view');
  await done();
});

test('nothing moves for those who want no motion', async () => {
  const { page, done } = await openInspector(inspector, { reducedMotion: 'reduce' });
  const moving = await page.locator('body *').evaluateAll(
    (all) =>
      all.filter((each) => {
        const { transitionProperty, transitionDuration, animationName } = getComputedStyle(each);
        return animationName !== 'none' || (transitionProperty !== 'none' && transitionDuration !== '0s');
      }).length,
  );
  assert.equal(moving, 0);
  await done();
});

test('what has the focus can be seen', async () => {
  const { page, done } = await openInspector(inspector);
  for (let count = 0; count < 20; count += 1) {
    await page.keyboard.press('Tab');
    const shown = await page.evaluate(() => {
      const outlined = (element) => getComputedStyle(element).outlineStyle !== 'none';
      const { activeElement } = document;
      return (
        activeElement === document.body || outlined(activeElement) || outlined(activeElement.parentElement)
      );
    });
    assert.ok(shown);
  }
  await done();
});

const hostile = {
  markup: '<img src=x onerror=document.title="pwned"><script>document.title="pwned"</script>',
  'an end of text': '</textarea></pre></script><svg onload=document.title="pwned">',
  'a template': '{{constructor.constructor("document.title=1")()}}#{document.title=1}',
  'characters that turn the direction': '\u202ehttps://evil.example\u202c\u2066',
  'characters beyond any plane': '\u{1f512}\u{e0041}\ufeff\u0000\u0007\u001b[31m',
  'half of a character': '\ud800',
  'names of objects': '__proto__: constructor',
};
for (const [name, text] of Object.entries(hostile)) {
  test(`hostile text in every field is shown as text, or refused in words: ${name}`, async () => {
    const { page, done } = await openInspector(inspector);
    await page.locator('form > details').evaluateAll((parts) => {
      for (const part of parts) part.open = true;
    });
    const fields = page.locator('form :is(textarea, input[type=text])');
    const count = await fields.count();
    for (let index = 0; index < count; index += 1) {
      await example(page, 'Upload at the edge');
      const one = fields.nth(index);
      const before = await one.inputValue();
      for (const value of [
        text,
        `${before}${text}`,
        `https://a.example/${text}?Policy=${btoa('{"Statement":1}')}`,
      ]) {
        await one.evaluate((element, given) => {
          element.value = given;
          element.dispatchEvent(new Event('input', { bubbles: true }));
        }, value);
        await page.getByRole('button', { name: 'Explain' }).click();
        await page.locator('#result > *').first().waitFor();
        assert.equal(await page.locator('#result :is(img, script, iframe), #result svg[onload]').count(), 0);
        assert.doesNotMatch(await page.locator('#result').textContent(), /[\u202a-\u202e\u2066-\u2069]/);
      }
    }
    assert.match(await page.title(), /^Edgeseal inspector/);
    await done();
  });
}

test('the examples are what the test keys sign', async () => {
  const { page, done } = await openInspector(inspector);
  const expected = {
    'A link that works': signed.custom,
    'Wrong key': signed.stranger,
    Milliseconds: signed.milliseconds,
    'Re-encoded path': signed.canned.replace('%20', '+'),
    'Upload at the edge': signed.upload,
  };
  for (const [name, url] of Object.entries(expected)) {
    await example(page, name);
    assert.equal(await field(page, 'Signed URL').inputValue(), url);
  }
  await example(page, 'Cookies');
  assert.equal(await field(page, 'Signed cookies').inputValue(), `Cookie: ${signed.cookies}`);
  assert.equal(await field(page, 'Public key').inputValue(), signed.publicKey);
  await done();
});
