//! Real servers for tests to speak to, on loopback: a mail server and an identity provider, written
//! for Node and pinned beside this crate.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long a service may take to say something: npm has installed by then.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    said: Receiver<Value>,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
}

impl Service {
    /// A mail server; `services/smtp.mjs` has the options. `None` without Node.
    pub fn mail(options: &Value) -> Option<Self> {
        Self::start("smtp.mjs", options)
    }

    /// An identity provider; `services/oidc.mjs` has the options. `None` without Node.
    pub fn identity_provider(options: &Value) -> Option<Self> {
        Self::start("oidc.mjs", options)
    }

    fn start(script: &str, options: &Value) -> Option<Self> {
        let Some(folder) = installed() else {
            eprintln!("skipped: there is no Node here, which {script} needs");
            return None;
        };
        let mut child = Command::new("node")
            .arg(folder.join(script))
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let out = child.stdout.take().expect("its output is a pipe");
        let (send, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Libraries print words of their own between.
                let Ok(value) = serde_json::from_str(&line) else { continue };
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        let mut service = Self { child, said, port: 0 };
        let port = service.next()["port"].as_u64().expect("it says its port first");
        service.port = u16::try_from(port).expect("a port");
        Some(service)
    }

    /// What it says next.
    ///
    /// # Panics
    /// When it says nothing within a minute.
    pub fn next(&self) -> Value {
        self.said.recv_timeout(PATIENCE).expect("the service says something")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// The scripts with their packages, in the target folder; installed once for each lock file. Tests
/// that install at the same time do so apart, and one of them wins.
fn installed() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    Command::new("node").arg("--version").stdout(Stdio::null()).status().ok()?;
    let exe = std::env::current_exe().expect("a test knows where it is");
    let target = exe.ancestors().nth(2).expect("in the target folder");
    let lock = fs::read(source.join("package-lock.json")).expect("there is a lock file");
    let sum = lock
        .iter()
        .fold(0_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let folder = target.join(format!("test-services-{sum:016x}"));
    if !folder.exists() {
        let work = tempfile::tempdir_in(target).expect("the target folder is writable");
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(source.join(name), work.path().join(name)).expect("can copy");
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts"]).current_dir(work.path());
        let done = npm.output().expect("npm runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let kept = work.keep();
        if fs::rename(&kept, &folder).is_err() {
            fs::remove_dir_all(kept).expect("what another test installed first is used");
        }
    }
    for name in ["smtp.mjs", "oidc.mjs"] {
        let script = fs::read(source.join(name)).expect("there is the script");
        if fs::read(folder.join(name)).ok().as_ref() != Some(&script) {
            fs::write(folder.join(name), script).expect("can write");
        }
    }
    Some(folder)
}
