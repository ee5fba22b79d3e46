//! What a server must survive: being killed while it writes, a full disk, a lost database server.
//! What it said was done is done, nothing is half there, and it goes on without a hand.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

#[allow(dead_code, reason = "the load generator uses more of it")]
#[path = "../examples/load/client.rs"]
mod client;
mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Account, Client};
use serde_json::{Value, json};
use support::{Tieline, message};
use tieline_model::job::{Job, JobState};
use tieline_store::{Store, StoreUrl};
use tokio::sync::mpsc;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often the server is killed.
const KILLS: usize = 30;

/// Writers at once.
const WRITERS: usize = 4;

/// Writes that are acknowledged before each kill.
const WRITES: usize = 9;

/// Longest that anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
struct Server {
    child: Child,
    base: String,
    said: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(tieline: &Tieline, store: Option<&str>) -> Self {
        let mut command = tieline.command(&["serve", "--no-open", "--listen", "127.0.0.1:0"]);
        if let Some(url) = store {
            command.env("TIELINE_STORE", url);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = said.next().expect("the server says where it serves").unwrap();
        let base = first.split_whitespace().nth(2).expect("an address").to_owned();
        Self { child, base, said }
    }

    fn client(&self) -> Arc<Client> {
        Arc::new(Client::of(&self.base).unwrap())
    }

    /// Makes the owner by the link that the first start prints.
    async fn owner(&mut self) -> Account {
        let line = self.said.next().expect("a link to set up").unwrap();
        self.client().set_up(line.rsplit(' ').next().unwrap()).await.unwrap()
    }

    /// SIGKILL: nothing of it gets a chance to tidy up.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A contact to be logged under a key of its own, with a promise: two rows or none.
fn contact(person: &str, key: &str) -> String {
    let promises = json!([{"by_us": true, "text": key}]);
    json!({"kind": "met", "people": [person], "line": key, "promises": promises}).to_string()
}

/// Logs it; its id, or what was answered instead.
async fn log(
    client: &Client,
    account: &Account,
    person: &str,
    key: &str,
) -> Result<String, String> {
    let path = ("/api/v1/contacts", key);
    match client.write(account, path, contact(person, key)).await {
        Ok(answer) if answer.status == 201 => {
            let made: Value = serde_json::from_str(&answer.text).unwrap();
            Ok(made["id"].as_str().unwrap().to_owned())
        }
        Ok(answer) => Err(format!("{} {}", answer.status.as_u16(), answer.text)),
        Err(error) => Err(error.to_string()),
    }
}

async fn first_person(client: &Client, account: &Account) -> String {
    let part = client.read(account, "/api/v1/people?limit=1").await.unwrap().text;
    let part: Value = serde_json::from_str(&part).unwrap();
    part["items"][0]["id"].as_str().expect("someone is there").to_owned()
}

/// Writers log contacts until so many were acknowledged, then the server is killed under them. What
/// was sent, with the id of what was acknowledged.
async fn written_until_killed(
    server: &mut Server,
    account: &Arc<Account>,
    person: &str,
    round: usize,
) -> BTreeMap<String, Option<String>> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let client = server.client();
    for writer in 0..WRITERS {
        let (client, account, sender) = (client.clone(), account.clone(), sender.clone());
        let person = person.to_owned();
        tokio::spawn(async move {
            for n in 0.. {
                let key = format!("r{round}-w{writer}-{n}");
                let said = log(&client, &account, &person, &key).await;
                let is_over = said.is_err();
                if sender.send((key, said.ok())).is_err() || is_over {
                    break;
                }
            }
        });
    }
    drop(sender);
    let mut sent = BTreeMap::new();
    // From the first round to the last the moment moves through what the server does.
    while sent.len() < WRITES + round % 4 {
        let (key, id) = receiver.recv().await.expect("the server answers");
        assert!(id.is_some(), "{key} was refused by a server that runs");
        sent.insert(key, id);
    }
    server.kill();
    while let Some((key, id)) = receiver.recv().await {
        sent.insert(key, id);
    }
    sent
}

/// Asks for the import of a file with one message; nothing is lost if the server dies meanwhile.
async fn ask_for_import(store: &Store, folder: &Path, n: usize) {
    let path = folder.join(format!("{n}.mbox"));
    let id = format!("{n}@faults.example");
    let date = format!("{} Mar 2026 09:00:00 +0000", 1 + n % 28);
    let text = message(&id, "one@acme.example", &format!("p{n}@trust.example"), &date, "");
    fs::write(&path, text).unwrap();
    let tx = store.begin().await.unwrap();
    let paths = vec![path.to_str().unwrap().to_owned()];
    tx.enqueue(&Job::Import { paths, dry_run: false }, None, None).await.unwrap();
    tx.commit().await.unwrap();
}

/// Waits until no job is left to do.
async fn finished(store: &Store) {
    let start = Instant::now();
    loop {
        let open = [JobState::Queued, JobState::Running];
        let counts = store.count_jobs().await.unwrap();
        if !counts.iter().any(|(state, n)| open.contains(state) && *n > 0) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "jobs stay open: {counts:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_thirty_times_while_it_writes_the_server_keeps_what_it_acknowledged() {
    let tieline = Tieline::new();
    let world = tieline_testkit::small_world();
    tieline.import(&[world.directory.as_path()]);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreUrl::file(tieline.data.path().join("tieline.db"))).await.unwrap();
    let mut sent = BTreeMap::new();
    let mut owner = None;
    let mut person = String::new();
    for round in 0..KILLS {
        let mut server = Server::start(&tieline, None);
        if owner.is_none() {
            let account = server.owner().await;
            person = first_person(&server.client(), &account).await;
            owner = Some(Arc::new(account));
        }
        ask_for_import(&store, folder.path(), round).await;
        let account = owner.as_ref().unwrap();
        sent.extend(written_until_killed(&mut server, account, &person, round).await);
    }

    let server = Server::start(&tieline, None);
    let (client, account) = (server.client(), owner.unwrap());
    finished(&store).await;
    for (key, id) in &sent {
        let again = log(&client, &account, &person, key).await.unwrap();
        if let Some(id) = id {
            assert_eq!(&again, id, "{key} was acknowledged, and is another one now");
        }
    }
    assert_eq!(kept(&store, &person).await, (sent.len(), sent.len()), "contacts and promises");
    drop(server);
    assert!(tieline.ok(&["check"]).contains("sound"));
    let imports = tieline.rows(&["imports", "--json"]);
    let whole = imports.iter().filter(|import| import["read"] == 1 && import["new"] == 1).count();
    assert_eq!((whole, imports.len()), (KILLS, KILLS + 1), "each job once: {imports:?}");
}

/// How many contacts with someone there are, and promises to them.
async fn kept(store: &Store, person: &str) -> (usize, usize) {
    let owner = store.accounts(None, 1).await.unwrap()[0].id;
    let person = store.person(person.parse().unwrap()).await.unwrap();
    let addresses = &person.actor.addresses;
    let contacts = store.contacts_about(addresses, owner, true, None, 10_000).await.unwrap();
    let promises = store.promises_about(addresses, owner, true, 10_000).await.unwrap();
    (contacts.len(), promises.len())
}

/// A small disk of its own, while it is held.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this user may mount nothing.
    fn mount(folder: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size},mode=755");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tieline-test"]).arg(folder);
        let done = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        done.then(|| Self(folder.to_owned()))
    }

    /// Writes until nothing more fits; what removes it again.
    fn fill(&self) -> PathBuf {
        use std::io::Write as _;
        let path = self.0.join("filler");
        let mut file = fs::File::create(&path).unwrap();
        for size in [1 << 16, 1 << 10, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A busy one goes when its last user does.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_loses_nothing_and_needs_no_restart() {
    let tieline = Tieline::new();
    let Some(disk) = Disk::mount(tieline.data.path(), "48m") else {
        println!("skipped: this user may not mount a small disk");
        return;
    };
    let world = tieline_testkit::small_world();
    tieline.import(&[world.directory.as_path()]);
    let mut server = Server::start(&tieline, None);
    let account = server.owner().await;
    let client = server.client();
    let person = first_person(&client, &account).await;
    let mut sent = 0;
    let mut acknowledged = Vec::new();
    let filler = disk.fill();
    let refusal = loop {
        let key = format!("full-{sent}");
        sent += 1;
        match log(&client, &account, &person, &key).await {
            Ok(id) => acknowledged.push((key, id)),
            Err(refusal) => break refusal,
        }
        assert!(sent < 500, "a full disk takes everything");
    };
    assert!(refusal.starts_with("503") && refusal.contains("the disk is full"), "{refusal}");
    assert_eq!(client.get(&account, "/people").await.unwrap(), 200, "reading goes on");

    let mail = world.mail.to_str().unwrap();
    let refused = tieline.fails(&["import", mail]);
    assert!(refused.contains("disk is full") || refused.contains("No space left"), "{refused}");

    fs::remove_file(filler).unwrap();
    acknowledged
        .push(("after".to_owned(), log(&client, &account, &person, "after").await.unwrap()));
    for (key, id) in &acknowledged {
        assert_eq!(&log(&client, &account, &person, key).await.unwrap(), id, "{key}");
    }
    let store = Store::open(&StoreUrl::file(tieline.data.path().join("tieline.db"))).await.unwrap();
    let n = acknowledged.len();
    assert_eq!(kept(&store, &person).await, (n, n), "nothing half-written is left");
    drop(server);
    let batch = tieline.import(&[world.mail.as_path()]);
    assert_eq!((batch.read, batch.issues), (world.messages, 0));
    assert!(tieline.ok(&["check"]).contains("sound"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_server_is_said_and_found_again() {
    let Some(database) = tieline_testkit::postgres_that_stops() else { return };
    let url = database.database();
    let tieline = Tieline::new();
    let world = tieline_testkit::small_world();
    let import = tieline
        .command(&["import", world.directory.to_str().unwrap()])
        .env("TIELINE_STORE", &url)
        .output()
        .unwrap();
    assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
    let mut server = Server::start(&tieline, Some(&url));
    let account = server.owner().await;
    let client = server.client();
    let person = first_person(&client, &account).await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        for n in 0..5 {
            let key = format!("{round}-{n}");
            let id = log(&client, &account, &person, &key).await.unwrap();
            acknowledged.push((key, id));
        }
        database.stop();
        let refusal = log(&client, &account, &person, &format!("lost-{round}")).await.unwrap_err();
        assert!(refusal.starts_with("503"), "{refusal}");
        assert!(!refusal.contains("postgres://"), "{refusal}");
        assert_eq!(client.get(&account, "/people").await.unwrap(), 503, "a page says so too");
        assert_eq!(client.get(&account, "/healthz").await.unwrap(), 200, "the process lives");
        assert_eq!(client.get(&account, "/readyz").await.unwrap(), 503, "it is not ready");
        database.start_again();
        recovered(&client, &account, &person, round).await;
    }
    for (key, id) in &acknowledged {
        assert_eq!(&log(&client, &account, &person, key).await.unwrap(), id, "{key}");
    }
    let store = Store::open(&url.parse().unwrap()).await.unwrap();
    // Beside them, one contact of each round that was asked for again once the server was back.
    let n = acknowledged.len() + 3;
    assert_eq!(kept(&store, &person).await, (n, n));
}

/// Asks until the server has found its database again: it needs no restart.
async fn recovered(client: &Client, account: &Account, person: &str, round: usize) {
    let start = Instant::now();
    let key = format!("lost-{round}");
    while let Err(refusal) = log(client, account, person, &key).await {
        assert!(start.elapsed() < PATIENCE, "it does not recover: {refusal}");
        tokio::task::yield_now().await;
    }
}
