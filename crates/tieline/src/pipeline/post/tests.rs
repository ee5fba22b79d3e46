#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

use serde_json::{Value, json};
use tempfile::TempDir;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::{AccountId, JobId};
use tieline_store::{LinkPurpose, NewAccount};
use tieline_testkit::Service;

use super::*;

const URL: &str = "https://tieline.example";

/// A data folder with an account, a postman and the mail server that he goes to.
struct Bench {
    _data: TempDir,
    runtime: tokio::runtime::Runtime,
    round: Round,
    server: Service,
    account: AccountId,
}

impl Bench {
    /// `None` without Node.
    fn new(server: &Value) -> Option<Self> {
        let server = Service::mail(server)?;
        let data = tempfile::tempdir().unwrap();
        drop(Workspace::open(Some(data.path())).unwrap());
        let runtime = runtime().unwrap();
        let store = runtime.block_on(Workspace::open_store(data.path())).unwrap();
        let text = format!(
            "[server]\nurl = '{URL}'\n[mail]\nhost = '127.0.0.1'\nport = {}\ntls = 'none'\n\
             from = 'Tieline <tieline@harbour.example>'\n",
            server.port
        );
        let config = Config::parse(&text, "t.toml").unwrap();
        let round = Round {
            handle: runtime.handle().clone(),
            name: "a postman".to_owned(),
            url: URL.to_owned(),
            workspace: "Harbour alliance".to_owned(),
            mailer: Mailer::new(&config.doors.mail.unwrap()).unwrap(),
            store,
        };
        let account = runtime.block_on(async {
            let tx = round.store.begin().await.unwrap();
            let new = NewAccount {
                login: "Zora".to_owned(),
                name: "Zora".to_owned(),
                role: Role::Member,
                password_hash: None,
                actor: None,
            };
            let id = tx.add_account(&new).await.unwrap();
            let mail = Address::email("zora@harbour.example").unwrap();
            tx.set_account_mail(id, Some(&mail)).await.unwrap();
            tx.commit().await.unwrap();
            id
        });
        Some(Self { _data: data, runtime, round, server, account })
    }

    fn ask(&self, letter: Letter) -> JobId {
        self.runtime.block_on(async {
            let tx = self.round.store.begin().await.unwrap();
            let id = tx.enqueue(&Job::Mail { letter }, None, None).await.unwrap();
            tx.commit().await.unwrap();
            id
        })
    }

    fn job(&self, id: JobId) -> StoredJob {
        self.runtime.block_on(self.round.store.job(id)).unwrap()
    }

    /// The secret at the end of a link in a letter, unfolded from how mail is written.
    fn secret(letter: &str, start: &str) -> String {
        let text = letter.replace("=\r\n", "").replace("=3D", "=");
        let from = text.find(start).unwrap_or_else(|| panic!("{start} in {text}")) + start.len();
        text[from..].split_whitespace().next().unwrap().to_owned()
    }

    fn link(&self, secret: &str) -> Option<tieline_store::Link> {
        let hash = blake3::hash(secret.as_bytes()).to_hex();
        self.runtime.block_on(self.round.store.link(&hash, now())).unwrap()
    }
}

#[test]
fn a_letter_holds_a_link_that_works_and_nothing_of_it_is_kept() {
    let Some(bench) = Bench::new(&json!({})) else { return };
    let account = bench.account;
    let asked = [Letter::SignIn { account: Some(account) }, Letter::Invitation { account }];
    for letter in asked {
        let id = bench.ask(letter);
        assert!(bench.round.next(now()).unwrap());
        let taken = bench.server.next();
        assert_eq!(taken["to"], json!(["zora@harbour.example"]));
        let text = taken["letter"].as_str().unwrap();
        assert!(text.contains("From: Tieline <tieline@harbour.example>"), "{text}");
        assert!(text.contains(&format!("Message-ID: <{id}@harbour.example>")), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
        let secret = Bench::secret(text, &format!("{URL}/enter/"));
        let link = bench.link(&secret).expect("the link works");
        assert_eq!((link.purpose, link.account), (LinkPurpose::SignIn, Some(account)));
        let job = bench.job(id);
        assert_eq!(job.state, JobState::Done);
        assert!(!format!("{job:?}").contains(&secret));
    }
    assert!(!bench.round.next(now()).unwrap(), "each is sent once");
}

#[test]
fn for_an_address_that_is_nobodys_nothing_is_sent() {
    let Some(bench) = Bench::new(&json!({})) else { return };
    let nobody = bench.ask(Letter::SignIn { account: None });
    let somebody = bench.ask(Letter::SignIn { account: Some(bench.account) });
    assert!(bench.round.next(now()).unwrap() && bench.round.next(now()).unwrap());
    assert_eq!(bench.server.next()["to"], json!(["zora@harbour.example"]));
    assert_eq!(bench.job(nobody).state, JobState::Done);
    assert_eq!(bench.job(somebody).state, JobState::Done);
}

#[test]
fn what_is_put_off_is_tried_again_later_and_with_another_link() {
    let Some(bench) = Bench::new(&json!({ "refusals": 1 })) else { return };
    let id = bench.ask(Letter::SignIn { account: Some(bench.account) });
    let start = now();
    assert!(bench.round.next(start).unwrap());
    let job = bench.job(id);
    assert_eq!(job.state, JobState::Running);
    assert!(job.progress.stage.contains("Tried again within 1 min"), "{}", job.progress.stage);
    assert!(!job.progress.stage.contains("zora@"), "{}", job.progress.stage);
    assert!(!bench.round.next(start).unwrap(), "not at once");
    let later = Moment::from_ms(start.ms() + 61_000);
    assert!(bench.round.next(later).unwrap());
    assert_eq!(bench.server.next()["refused"], true);
    assert!(bench.server.next()["letter"].is_string());
    assert_eq!((bench.job(id).state, bench.job(id).attempts), (JobState::Done, 2));
}

#[test]
fn what_is_refused_or_put_off_for_long_fails_and_says_what_to_do() {
    let Some(bench) = Bench::new(&json!({ "never": true })) else { return };
    let id = bench.ask(Letter::SignIn { account: Some(bench.account) });
    assert!(bench.round.next(now()).unwrap());
    let job = bench.job(id);
    assert_eq!(job.state, JobState::Failed);
    let why = job.error.unwrap();
    assert!(why.contains("refused") && why.contains("tieline mail test"), "{why}");
    assert!(!why.contains("zora@"), "{why}");

    let Some(bench) = Bench::new(&json!({ "refusals": 100 })) else { return };
    let id = bench.ask(Letter::SignIn { account: Some(bench.account) });
    let mut at = now();
    for _ in 0..=PAUSES_MIN.len() {
        assert!(bench.round.next(at).unwrap());
        at = at.plus_days(1.0);
    }
    assert!(!bench.round.next(at).unwrap());
    assert_eq!(bench.job(id).state, JobState::Failed);
}

#[test]
fn a_letter_that_someone_stopped_is_not_sent() {
    let Some(bench) = Bench::new(&json!({ "refusals": 1 })) else { return };
    let id = bench.ask(Letter::SignIn { account: Some(bench.account) });
    let start = now();
    assert!(bench.round.next(start).unwrap());
    bench.runtime.block_on(async {
        let tx = bench.round.store.begin().await.unwrap();
        tx.stop_job(id).await.unwrap();
        tx.commit().await.unwrap();
    });
    assert!(bench.round.next(start.plus_days(1.0)).unwrap());
    assert_eq!(bench.job(id).state, JobState::Stopped);
}

#[test]
fn other_workers_leave_letters_alone_and_a_postman_other_jobs() {
    let Some(bench) = Bench::new(&json!({})) else { return };
    let refresh = bench.runtime.block_on(async {
        let tx = bench.round.store.begin().await.unwrap();
        let id = tx.enqueue(&Job::Refresh, None, None).await.unwrap();
        tx.commit().await.unwrap();
        id
    });
    let letter = bench.ask(Letter::SignIn { account: None });
    let claimed = bench.runtime.block_on(async {
        let tx = bench.round.store.begin().await.unwrap();
        let first = tx.claim_job("w", now(), 1_000).await.unwrap().map(|job| job.id);
        let second = tx.claim_job("w", now(), 1_000).await.unwrap().map(|job| job.id);
        tx.commit().await.unwrap();
        (first, second)
    });
    assert_eq!(claimed, (Some(refresh), None));
    assert!(bench.round.next(now()).unwrap());
    assert_eq!(bench.job(letter).state, JobState::Done);
}
