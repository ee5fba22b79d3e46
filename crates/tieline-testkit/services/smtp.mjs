// A mail server on loopback. Says on standard output, one JSON object a line: its port, then each
// letter that it took. Options, as JSON in the first argument: user and password that it asks for;
// cert and key (files) for STARTTLS; refusals, how many letters it puts off first; never, to take none.
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const options = JSON.parse(process.argv[2] ?? "{}");
let refusals = options.refusals ?? 0;

const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  authOptional: !options.user,
  disabledCommands: options.cert ? [] : ["STARTTLS"],
  allowInsecureAuth: true,
  ...(options.cert && { cert: readFileSync(options.cert), key: readFileSync(options.key) }),
  onAuth({ username, password }, session, done) {
    const known = username === options.user && password === options.password;
    done(known ? null : refuse(535, "wrong name or password"), { user: username });
  },
  onRcptTo(address, session, done) {
    if (options.never) return done(refuse(550, `no such mailbox ${address.address}`));
    if (refusals > 0) {
      refusals -= 1;
      say({ refused: true });
      return done(refuse(451, "try again later"));
    }
    done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map((one) => one.address);
      say({ to, secure: session.secure, letter: Buffer.concat(parts).toString("utf8") });
      done();
    });
  },
});
server.on("error", (error) => say({ error: error.message }));
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
process.stdin.on("end", () => process.exit(0)).resume();
