// Brings files by tus with a client that is not ours (npm tus-js-client), each request signed as a handheld signs it.
// In:  {port, origin, at_once, piece, now, jobs: [{device, seed, access, record, att, sha256, path}]} as JSON on stdin.
// Out: [{att, error}] as JSON on stdout; an empty error is the client's word that all of it is there.
"use strict";
const tus = require("tus-js-client"), crypto = require("crypto"), fs = require("fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const plain = new tus.DefaultHttpStack({});
const PATIENCE_MS = 5000; // a killed server may leave a connection that says nothing any more
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex"); // what stands before an Ed25519 key

function signed(job, method, url, headers, body) {
  const key = crypto.createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(job.seed, "hex")]), format: "der", type: "pkcs8" });
  const at = new URL(url), target = asked.origin + at.pathname + at.search;
  const lines = [["@method", method], ["@target-uri", target]];
  const added = {};
  if (body && body.length) {
    added["Content-Digest"] = `sha-256=:${crypto.createHash("sha256").update(body).digest("base64")}:`;
    lines.push(["content-digest", added["Content-Digest"]]);
  }
  lines.push(["authorization", headers.Authorization]);
  const created = asked.now || Math.floor(Date.now() / 1000), nonce = crypto.randomBytes(16).toString("base64url");
  const said = `(${lines.map(([name]) => `"${name}"`).join(" ")});created=${created};keyid="${job.device}";alg="ed25519";expires=${created + 300};nonce="${nonce}";tag="homeward-device"`;
  const base = [...lines.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${said}`].join("\n");
  added["Signature-Input"] = `pyhms=${said}`;
  added.Signature = `pyhms=:${crypto.sign(null, Buffer.from(base), key).toString("base64")}:`;
  return added;
}

// tus-js-client's own requests, signed once what they carry is known.
const signing = job => ({
  getName: () => "signing",
  createRequest(method, url) {
    const request = plain.createRequest(method, url), send = request.send.bind(request);
    request.send = body => {
      const headers = { Authorization: request.getHeader("Authorization") };
      for (const [name, value] of Object.entries(signed(job, method, url, headers, body))) request.setHeader(name, value);
      const answer = send(body), raw = request.getUnderlyingObject();
      if (raw) raw.setTimeout(PATIENCE_MS, () => raw.destroy(new Error("no answer")));
      return answer;
    };
    return request;
  },
});

const bring = job => new Promise(done => {
  const upload = new tus.Upload(fs.readFileSync(job.path), {
    endpoint: `http://127.0.0.1:${asked.port}/v1/uploads/`,
    chunkSize: asked.piece,
    retryDelays: Array(4000).fill(30),
    onShouldRetry: () => true,
    headers: { Authorization: `Homeward ${job.access}` },
    metadata: { att: job.att, record: job.record, sha256: job.sha256 },
    httpStack: signing(job),
    onError: error => done({ att: job.att, error: String(error).slice(0, 400) }),
    onSuccess: () => done({ att: job.att, error: "" }),
  });
  upload.start();
});

(async () => {
  const waiting = [...asked.jobs], over = [];
  const next = async () => { for (let job; (job = waiting.shift());) over.push(await bring(job)); };
  await Promise.all(Array.from({ length: asked.at_once }, next));
  process.stdout.write(JSON.stringify(over));
})();
