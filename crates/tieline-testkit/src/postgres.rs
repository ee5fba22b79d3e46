//! A throw-away PostgreSQL server, for tests of the store.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

/// The databases of one server, which stops when its last user drops it.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    port: u16,
    next: AtomicU32,
    watcher: Child,
    owner: Owner,
    options: String,
    /// Removed after the server has stopped.
    folder: TempDir,
}

/// Runs the server until standard input ends, which it does when the test process is gone, however
/// it died.
const WATCHER: &str = r#"
"$1/pg_ctl" -D "$2" -w -l "$2/log" -o "$3" start >/dev/null && echo ready || echo failed
cat >/dev/null
"$1/pg_ctl" -D "$2" -m immediate -w stop >/dev/null
"#;

/// The server of this test process: the running one, else a new one.
///
/// Where PostgreSQL is not installed, says `skipped: ...` on standard error and returns `None`.
///
/// # Panics
/// When it is not installed although `CI` is `true`, and when it does not start.
pub fn postgres() -> Option<Arc<Postgres>> {
    static RUNNING: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = running.upgrade() {
        return Some(server);
    }
    let server = Arc::new(Postgres::start(programs()?, QUICK));
    *running = Arc::downgrade(&server);
    Some(server)
}

/// A server for one test, which stops it and starts it again: what it acknowledged stays.
///
/// As [`postgres`] where PostgreSQL is not installed.
///
/// # Panics
/// As [`postgres`].
pub fn postgres_that_stops() -> Option<Postgres> {
    Some(Postgres::start(programs()?, ""))
}

/// What makes a server quick whose data nobody misses.
const QUICK: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

fn programs() -> Option<PathBuf> {
    let found = find_programs();
    if found.is_none() {
        let ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!ci, "CI runs without PostgreSQL: apt-get install postgresql");
        eprintln!("skipped: no PostgreSQL; apt-get install postgresql");
    }
    found
}

impl Postgres {
    /// Makes an empty database; its URL.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn database(&self) -> String {
        let name = format!("test{}", self.next.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        let mut create = Command::new(self.programs.join("createdb"));
        create.args(["-h", "127.0.0.1", "-p", &port, "-U", "tieline", &name]);
        run(&mut create);
        format!("postgres://tieline@127.0.0.1:{port}/{name}")
    }

    /// Stops at once, as if the machine had lost it; connections break.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// Starts again where it stopped, on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        // Its log stays where it is: standard output would stay open with the server.
        let log = self.data().join("log");
        let log = log.to_str().expect("a temporary folder has a plain name");
        self.control(&["-w", "-l", log, "-o", &self.options, "start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = self.owner.command(&self.programs.join("pg_ctl"));
        run(command.stdout(Stdio::null()).arg("-D").arg(self.data()).args(arguments));
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn start(programs: PathBuf, manner: &str) -> Self {
        let folder = tempfile::tempdir().expect("no temporary folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("no folder for the server");
        let owner = Owner::of(folder.path(), &data);
        let mut init = owner.command(&programs.join("initdb"));
        init.args(["--username=tieline", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        run(init.arg("--no-sync").arg("-D").arg(&data));
        // Another process may take the port between the question and the start.
        for _ in 0..5 {
            let port = free_port();
            let options = format!(
                "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} \
                 {manner} -c max_connections=200 -c shared_buffers=32MB",
                data.display()
            );
            let mut watcher = owner.command(Path::new("sh"));
            watcher.args(["-c", WATCHER, "sh"]).arg(&programs).arg(&data).arg(&options);
            let mut watcher = watcher
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("no shell to start PostgreSQL with");
            let mut word = String::new();
            let stdout = watcher.stdout.take().expect("standard output is piped");
            BufReader::new(stdout).read_line(&mut word).expect("the watcher said nothing");
            if word.trim() == "ready" {
                let next = AtomicU32::new(1);
                return Self { programs, port, next, watcher, owner, options, folder };
            }
            drop(watcher.stdin.take());
            watcher.wait().expect("the watcher is gone");
        }
        let log = std::fs::read_to_string(data.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        // A server that is gone already is stopped.
        let _ = self.watcher.wait();
    }
}

/// Who runs the server: PostgreSQL refuses to be root.
#[derive(Debug)]
struct Owner {
    ids: Option<(u32, u32)>,
}

impl Owner {
    /// Ourselves; as root, the user `postgres` or `nobody`, to whom `data` is given.
    fn of(folder: &Path, data: &Path) -> Self {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        let root = std::fs::metadata(data).expect("the folder is gone").uid() == 0;
        if !root {
            return Self { ids: None };
        }
        let (uid, gid) = user("postgres").or_else(|| user("nobody")).expect("no other user");
        chown(data, Some(uid), Some(gid)).expect("the folder cannot be given away");
        let passable = std::fs::Permissions::from_mode(0o711);
        std::fs::set_permissions(folder, passable).expect("the folder cannot be opened");
        Self { ids: Some((uid, gid)) }
    }

    fn command(&self, program: &Path) -> Command {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new(program);
        command.current_dir("/");
        if let Some((uid, gid)) = self.ids {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// User and group id of a user of this machine.
fn user(name: &str) -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// The folder with the programs of the server: Debian's newest, else the first in `PATH` whose
/// `initdb` has its companions beside it.
fn find_programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    versions.sort_unstable();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = versions.into_iter().rev().map(|(_, bin)| bin).chain(std::env::split_paths(&path));
    let whole = |bin: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "createdb"].iter().all(|name| bin.join(name).exists())
    };
    places.into_iter().find(whole)
}

fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("no free port");
    probe.local_addr().expect("the port has no address").port()
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
}
