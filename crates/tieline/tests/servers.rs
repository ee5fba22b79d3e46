//! Several programs on one workspace: two servers on one PostgreSQL, a server with a worker beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::process::Command;
use std::thread;

use support::Tieline;
use support::served::{Browser, Server};
use tieline_model::id::JobId;
use tieline_model::job::{Job, JobState};
use tieline_store::{Store, StoreUrl, StoredJob};
use tokio::runtime::Runtime;

const SERVE: [&str; 4] = ["serve", "--listen", "127.0.0.1:0", "--no-open"];

/// Wrong passwords for one name after which no more are tried, on all servers together.
const MOST_FAILURES: usize = 10;

/// The store beside the servers.
struct Beside {
    runtime: Runtime,
    store: Store,
}

impl Beside {
    fn open(url: &StoreUrl) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store = runtime.block_on(Store::open(url)).unwrap();
        Self { runtime, store }
    }

    fn ask(&self, job: &Job) -> JobId {
        self.runtime.block_on(async {
            let tx = self.store.begin().await.unwrap();
            let id = tx.enqueue(job, None, None).await.unwrap();
            tx.commit().await.unwrap();
            id
        })
    }

    fn job(&self, id: JobId) -> StoredJob {
        self.runtime.block_on(self.store.job(id)).unwrap()
    }

    fn accounts(&self) -> u64 {
        self.runtime.block_on(self.store.count_accounts()).unwrap()
    }

    fn live(&self) -> usize {
        self.runtime.block_on(self.store.live_imports()).unwrap().len()
    }
}

fn set_up(browser: &Browser, token: &str, name: &str) -> (u16, String) {
    let form = format!("token={token}&name={name}&password=two+ferries+and+a+bridge");
    let answer = browser.post("/set-up", &form);
    (answer.status, answer.session())
}

/// An import of the demo slice's mail.
fn import() -> Job {
    let mail = tieline_testkit::small_world().mail.canonicalize().unwrap();
    Job::Import { paths: vec![mail.to_str().unwrap().to_owned()], dry_run: false }
}

#[test]
fn two_servers_on_one_database_are_one_workspace() {
    let Some(postgres) = tieline_testkit::postgres() else { return };
    let (tieline, url) = (Tieline::new(), postgres.database());
    let command = || -> Command {
        let mut command = tieline.command(&SERVE);
        command.env("TIELINE_STORE", &url);
        command
    };
    let (a, b) = (Server::start(command(), true), Server::start(command(), true));
    let beside = Beside::open(&url.parse().unwrap());

    let session = one_owner_of_two_links(&a, &b, &beside);
    wrong_passwords_count_together(&a, &b);
    what_one_writes_the_other_shows(&a, &b, &session);
    each_job_is_done_once_and_both_show_it(&a, &b, &session, &beside);
    signing_out_on_one_ends_it_on_both(&a, &b, &session);
    // Streams are open here: they end, so that the servers do.
    let sign_in = |name| {
        let form = format!("login={name}&password=two+ferries+and+a+bridge");
        a.browser("").post("/sign-in", &form).session()
    };
    let again = ["Ada", "Bo"].map(sign_in).concat();
    let mut open = b.browser(&again).listen();
    assert!(b.stop() && a.stop());
    assert_eq!(open.next(), None);
}

fn one_owner_of_two_links(a: &Server, b: &Server, beside: &Beside) -> String {
    let ends: Vec<(u16, String)> = thread::scope(|scope| {
        let tries = [(a, "Ada"), (b, "Bo")].map(|(server, name)| {
            let token = server.token.clone().unwrap();
            scope.spawn(move || set_up(&server.browser(""), &token, name))
        });
        tries.map(|one| one.join().unwrap()).into()
    });
    assert_eq!(beside.accounts(), 1, "{ends:?}");
    let sessions: Vec<&String> = ends.iter().map(|end| &end.1).filter(|s| !s.is_empty()).collect();
    let [session] = sessions.as_slice() else { panic!("one came in: {ends:?}") };
    for server in [a, b] {
        assert_eq!(server.browser(session).get("/").status, 200, "good on both");
        assert_eq!(server.browser("").get("/").status, 303);
    }
    (*session).clone()
}

fn wrong_passwords_count_together(a: &Server, b: &Server) {
    let wrong = "login=nobody&password=wrong+password";
    for n in 0..MOST_FAILURES {
        let server = if n % 2 == 0 { a } else { b };
        assert_eq!(server.browser("").post("/sign-in", wrong).status, 422, "try {n}");
    }
    for server in [a, b] {
        assert_eq!(server.browser("").post("/sign-in", wrong).status, 429);
    }
}

fn what_one_writes_the_other_shows(a: &Server, b: &Server, session: &str) {
    let mut heard = b.browser(session).listen();
    let made = a.browser(session).post("/people/new", "name=Wren+Salter&kind=person");
    assert_eq!(made.status, 303, "{}", made.text);
    assert!(heard.any(|topic| topic == "people"), "{}", made.location());
    assert!(b.browser(session).get("/people").text.contains("Wren Salter"));
    // And the network of the other server follows.
    heard.until(|| b.browser(session).get("/people").text.contains("1 people"));
}

fn each_job_is_done_once_and_both_show_it(a: &Server, b: &Server, session: &str, beside: &Beside) {
    let (mut at_a, mut at_b) = (a.browser(session).listen(), b.browser(session).listen());
    let jobs = [beside.ask(&import()), beside.ask(&Job::Refresh), beside.ask(&import())];
    at_b.until(|| jobs.iter().all(|id| beside.job(*id).state.is_over()));
    for id in jobs {
        let job = beside.job(id);
        assert_eq!((job.state, job.attempts, job.error), (JobState::Done, 1, None));
    }
    assert_eq!(beside.live(), 1, "the same files are the same import");
    for (server, heard) in [(a, &mut at_a), (b, &mut at_b)] {
        // The demo slice has more people than the one who was added by hand.
        heard.until(|| {
            let page = server.browser(session).get("/network?view=table");
            page.status == 200
                && !page.text.contains(" 1 people")
                && page.text.contains("<tr data-row")
        });
    }
}

fn signing_out_on_one_ends_it_on_both(a: &Server, b: &Server, session: &str) {
    let mut heard = b.browser(session).listen();
    assert_eq!(a.browser(session).post("/sign-out", "").status, 303);
    assert_eq!(heard.find(|topic| topic == "never"), None, "the stream of the other ends");
    let after = b.browser(session).get("/");
    assert_eq!((after.status, after.location()), (303, "/sign-in?next=/"));
}

#[test]
fn what_a_worker_beside_the_server_does_is_told_to_browsers() {
    let tieline = Tieline::new();
    let alone: Vec<&str> = SERVE.into_iter().chain(["--no-worker"]).collect();
    let server = Server::start(tieline.command(&alone), true);
    let (_, session) = set_up(&server.browser(""), server.token.as_deref().unwrap(), "Ada");
    let browser = server.browser(&session);
    let mut heard = browser.listen();
    let beside = Beside::open(&StoreUrl::file(tieline.data.path().join("tieline.db")));
    let job = beside.ask(&import());
    assert!(heard.any(|topic| topic == "jobs"));
    let mut worker = tieline.command(&["worker"]);
    let mut worker = worker.stdout(std::process::Stdio::null()).spawn().unwrap();
    heard.until(|| beside.job(job).state.is_over());
    assert_eq!(beside.job(job).state, JobState::Done);
    heard.until(|| browser.get("/network?view=table").text.contains("<tr data-row"));
    worker.kill().unwrap();
    worker.wait().unwrap();
    drop(heard);
    assert!(server.stop());
}
