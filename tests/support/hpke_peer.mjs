// Seals and opens with @hpke, which shares no code with the library that we use: JSON lines in, JSON lines out.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const from = createRequire(`${process.argv[2]}/package.json`);
const load = name => import(pathToFileURL(from.resolve(name)).href);
const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await load("@hpke/core");
const { XWing } = await load("@hpke/hybridkem-x-wing");

const kems = { 1: DhkemX25519HkdfSha256, 2: XWing };
const bytes = hex => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = buffer => Buffer.from(buffer).toString("hex");
const encLength = { 1: 32, 2: 1120 };

async function answer(asked) {
  const suite = new CipherSuite({ kem: new kems[asked.suite](), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const info = bytes(asked.info);
  if (asked.seal !== undefined) {
    const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(asked.to).buffer);
    const sender = await suite.createSenderContext({ recipientPublicKey, info });
    return hex(sender.enc) + hex(await sender.seal(bytes(asked.seal)));
  }
  const recipientKey = await suite.kem.deserializePrivateKey(bytes(asked.key).buffer);
  const sealed = bytes(asked.open), enc = sealed.slice(0, encLength[asked.suite]);
  const recipient = await suite.createRecipientContext({ recipientKey, enc, info });
  return hex(await recipient.open(sealed.slice(encLength[asked.suite])));
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await answer(JSON.parse(line)).then(
    well => ({ well }), error => ({ refused: error.constructor.name }))));
