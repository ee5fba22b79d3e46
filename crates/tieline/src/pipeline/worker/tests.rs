#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;

use tempfile::TempDir;
use tieline_model::id::JobId;

use super::*;
use crate::workspace::runtime;
use tieline_web::preview::Matched;

/// Messages of the demo slice, as `demo/EXPECTED.json` counts them.
const MESSAGES: u64 = 323;

/// A data folder with a worker in it.
struct Bench {
    data: TempDir,
    runtime: tokio::runtime::Runtime,
    store: Store,
    worker: Worker,
}

impl Bench {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        drop(Workspace::open(Some(data.path())).unwrap());
        let runtime = runtime().unwrap();
        let store = runtime.block_on(Workspace::open_store(data.path())).unwrap();
        let worker = Worker::new(
            data.path().to_owned(),
            store.clone(),
            runtime.handle().clone(),
            Arc::default(),
        );
        Self { data, runtime, store, worker }
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> T {
        self.runtime.block_on(work).unwrap()
    }

    fn ask(&self, job: &Job) -> JobId {
        self.wait(async {
            let tx = self.store.begin().await?;
            let id = tx.enqueue(job, None, None).await?;
            tx.commit().await?;
            Ok(id)
        })
    }

    fn job(&self, id: JobId) -> StoredJob {
        self.wait(self.store.job(id))
    }

    /// Read and new of each live import.
    fn live(&self) -> Vec<(u64, u64)> {
        let imports = self.wait(self.store.live_imports());
        imports.iter().map(|import| (import.tallies.read, import.tallies.new)).collect()
    }

    /// Nothing of an unfinished import is left, in the store or in the lake.
    fn nothing_is_left(&self) {
        assert!(self.wait(self.store.imports(None, 10)).is_empty());
        assert!(self.wait(self.store.all_addresses()).is_empty());
        assert_eq!(parquet(&self.data.path().join("lake")), 0);
    }
}

/// Files of imports: what says which events are the same is derived, and checked before it is read.
fn parquet(folder: &Path) -> usize {
    if folder.ends_with("links") {
        return 0;
    }
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| match path.is_dir() {
            true => parquet(&path),
            false => usize::from(path.extension().is_some_and(|ending| ending == "parquet")),
        })
        .sum()
}

fn slice(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/slice").join(name);
    path.canonicalize().unwrap().display().to_string()
}

fn import_of(paths: &[String], dry_run: bool) -> Job {
    Job::Import { paths: paths.to_vec(), dry_run }
}

/// The demo slice's mail, as if it had been uploaded.
fn uploaded(bench: &Bench) -> String {
    let folder = bench.data.path().join(UPLOADS).join("one");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(slice("mail.mbox"), folder.join("mail.mbox")).unwrap();
    folder.display().to_string()
}

#[test]
fn a_job_imports_what_the_command_line_would() {
    let mut bench = Bench::new();
    let job = bench.ask(&import_of(&[slice("mail.mbox")], false));
    assert!(bench.worker.next().unwrap());
    assert!(!bench.worker.next().unwrap(), "there is one job");
    assert_eq!(bench.live(), [(MESSAGES, MESSAGES)]);
    let done = bench.job(job);
    assert_eq!((done.state, done.error), (JobState::Done, None));
    assert_eq!(done.result, Some(bench.wait(bench.store.live_imports())[0].id));
}

#[test]
fn a_job_left_behind_by_a_dead_worker_is_done_once() {
    let mut bench = Bench::new();
    let job = bench.ask(&import_of(&[slice("mail.mbox")], false));
    let id = Inputs::find(&[slice("mail.mbox").into()]).digest();
    // It claimed the job, began the import, and died: the lease is over, the import half-read.
    bench.wait(async {
        let tx = bench.store.begin().await?;
        tx.claim_job("dead", now(), 0).await?;
        let label = "half".to_owned();
        let tool_version = String::new();
        tx.begin_import(&tieline_store::NewImport { id, label, bytes: 1, tool_version }).await?;
        tx.commit().await
    });
    assert!(bench.worker.next().unwrap());
    assert_eq!(bench.live(), [(MESSAGES, MESSAGES)]);
    assert_eq!((bench.job(job).state, bench.job(job).attempts), (JobState::Done, 2));
    // It published the import and died before it could say so: the same job again finds it done.
    let again = bench.ask(&import_of(&[slice("mail.mbox")], false));
    assert!(bench.worker.next().unwrap());
    assert_eq!(bench.job(again).result, Some(id));
    assert_eq!(bench.live(), [(MESSAGES, MESSAGES)]);
}

/// Claims the job and pauses it before its first record, lets it run until it waits, does `then`,
/// and gives what became of it.
fn paused(
    bench: &Bench,
    job: JobId,
    then: impl FnOnce(&mut Heart),
) -> (StoredJob, Result<Option<ImportId>>, bool) {
    let claimed = bench.worker.claim().unwrap().unwrap();
    let control = Arc::new(Control::for_job(Asked::Go));
    let mut heart = bench.worker.heart(&claimed, &control);
    bench.wait(async {
        let tx = bench.store.begin().await?;
        tx.pause_job(job).await?;
        tx.commit().await
    });
    heart.beat();
    assert!(!heart.holds());
    let outcome = thread::scope(|scope| {
        let running = scope.spawn(|| bench.worker.run(&claimed, &control));
        control.until_it_waits();
        assert_eq!(bench.job(job).state, JobState::Paused);
        assert!(bench.live().is_empty(), "nothing is published while it waits");
        heart.beat();
        then(&mut heart);
        running.join().unwrap()
    });
    (claimed, outcome, heart.holds())
}

#[test]
fn a_paused_import_waits_and_goes_on_where_it_was() {
    let bench = Bench::new();
    let job = bench.ask(&import_of(&[slice("mail.mbox")], false));
    let (claimed, outcome, holds) = paused(&bench, job, |heart| {
        bench.wait(async {
            let tx = bench.store.begin().await?;
            tx.resume_job(job).await?;
            tx.commit().await
        });
        heart.beat();
    });
    assert!(holds);
    bench.worker.end(&claimed, outcome, holds).unwrap();
    assert_eq!(bench.job(job).state, JobState::Done);
    assert_eq!(bench.live(), [(MESSAGES, MESSAGES)]);
}

#[test]
fn a_paused_import_lets_others_go_first_and_begins_anew() {
    let mut bench = Bench::new();
    let job = bench.ask(&import_of(&[slice("mail.mbox")], false));
    let (claimed, outcome, holds) = paused(&bench, job, |heart| {
        bench.ask(&Job::Refresh);
        heart.beat();
    });
    assert!(!holds);
    bench.worker.end(&claimed, outcome, holds).unwrap();
    assert_eq!(bench.job(job).state, JobState::Paused, "it stays as the person asked");
    bench.nothing_is_left();
    assert!(bench.worker.next().unwrap(), "the folder is free for what waited");
    assert!(!bench.worker.next().unwrap());
    bench.wait(async {
        let tx = bench.store.begin().await?;
        tx.resume_job(job).await?;
        tx.commit().await
    });
    assert!(bench.worker.next().unwrap());
    assert_eq!(bench.job(job).state, JobState::Done);
    assert_eq!(bench.live(), [(MESSAGES, MESSAGES)]);
}

#[test]
fn a_stopped_import_leaves_nothing_and_its_uploads_go() {
    let bench = Bench::new();
    let folder = uploaded(&bench);
    let job = bench.ask(&import_of(std::slice::from_ref(&folder), false));
    let (claimed, outcome, holds) = paused(&bench, job, |heart| {
        bench.wait(async {
            let tx = bench.store.begin().await?;
            tx.stop_job(job).await?;
            tx.commit().await
        });
        heart.beat();
    });
    bench.worker.end(&claimed, outcome, holds).unwrap();
    assert_eq!(bench.job(job).state, JobState::Stopped);
    bench.nothing_is_left();
    assert!(!Path::new(&folder).exists());
}

#[test]
fn a_worker_that_is_told_to_leave_puts_its_job_back() {
    let mut bench = Bench::new();
    let job = bench.ask(&import_of(&[slice("mail.mbox")], false));
    let leave = Arc::new(AtomicBool::new(true));
    let handle = bench.runtime.handle().clone();
    let folder = bench.data.path().to_owned();
    let leaving = Worker::new(folder, bench.store.clone(), handle, Arc::clone(&leave));
    let claimed = leaving.claim().unwrap().unwrap();
    let control = Arc::new(Control::for_job(Asked::Go));
    let mut heart = leaving.heart(&claimed, &control);
    assert!(leave.load(Ordering::Relaxed));
    heart.beat();
    let outcome = leaving.run(&claimed, &control);
    leaving.end(&claimed, outcome, heart.holds()).unwrap();
    bench.nothing_is_left();
    assert!(!bench.job(job).state.is_over());
    assert!(bench.worker.next().unwrap(), "another worker takes it at once");
    assert_eq!(bench.job(job).state, JobState::Done);
}

#[test]
fn a_worker_whose_job_was_taken_over_lets_go_of_it() {
    let bench = Bench::new();
    bench.ask(&import_of(&[slice("mail.mbox")], false));
    let slow = bench.wait(async {
        let tx = bench.store.begin().await?;
        let job = tx.claim_job(&bench.worker.name, now(), 0).await?;
        tx.commit().await?;
        Ok(job)
    });
    let slow = slow.unwrap();
    bench.wait(async {
        let tx = bench.store.begin().await?;
        tx.claim_job("another", now(), 60_000).await?;
        tx.commit().await
    });
    let control = Arc::new(Control::for_job(Asked::Go));
    let mut heart = bench.worker.heart(&slow, &control);
    heart.beat();
    let outcome = bench.worker.run(&slow, &control);
    bench.worker.end(&slow, outcome, heart.holds()).unwrap();
    bench.nothing_is_left();
    assert_eq!(bench.job(slow.id).state, JobState::Running);
}

#[test]
fn a_dry_run_keeps_its_files_and_says_what_it_found_until_the_import_is_over() {
    let mut bench = Bench::new();
    let paths = [uploaded(&bench), slice("directory.csv")];
    let preview = Preview::path(&bench.data.path().join(UPLOADS), &paths);
    let job = bench.ask(&import_of(&paths, true));
    bench.worker.next().unwrap();
    assert_eq!(bench.job(job).state, JobState::Done);
    bench.nothing_is_left();
    let found = Preview::read(&preview).unwrap();
    assert_eq!(found.read, found.new + found.duplicate + found.left_out + found.issues);
    assert_eq!(found.files[0].name, "mail.mbox", "called as the person called it");
    assert_eq!((found.files[0].kind.as_str(), found.files[0].records), ("mbox", MESSAGES));
    assert_eq!(found.tables[0].columns[0].sure, tieline_web::preview::Sure::Sure);
    assert!(found.outlook.new_people > 10 && !found.outlook.some_new.is_empty());
    assert_eq!(found.outlook.known_people, 0, "nobody was here before");
    let first = First::read(&First::path(&bench.data.path().join(UPLOADS), &paths)).unwrap();
    assert!(first.records >= 250 && !first.sentence.is_empty(), "{first:?}");
    let job = bench.ask(&import_of(&paths, false));
    bench.worker.next().unwrap();
    assert_eq!(bench.job(job).state, JobState::Done);
    assert!(!preview.exists() && !Path::new(&paths[0]).exists());
    assert!(Path::new(&paths[1]).exists(), "the operator's own file stays");
    let known = bench.ask(&import_of(&[slice("mail.mbox")], true));
    bench.worker.next().unwrap();
    assert_eq!(bench.job(known).state, JobState::Done);
}

#[test]
fn pairs_that_a_dry_run_tells_of_are_those_that_the_import_raises() {
    let mut bench = Bench::new();
    let paths = [slice("mail.mbox"), slice("directory.csv"), slice("contacts.vcf")];
    bench.ask(&import_of(&paths, true));
    bench.worker.next().unwrap();
    let uploads = bench.data.path().join(UPLOADS);
    let found = Preview::read(&Preview::path(&uploads, &paths)).unwrap();
    let told = (found.new, found.duplicate, found.left_out, found.outlook.n_pairs);
    bench.ask(&import_of(&paths, false));
    bench.worker.next().unwrap();
    let tallies = bench.wait(bench.store.live_imports()).remove(0).tallies;
    let raised = bench.wait(bench.store.open_reviews());
    assert_eq!(told, (tallies.new, tallies.duplicate, tallies.left_out, raised));
    let people = bench.wait(bench.store.identity()).actors;
    let people = people.iter().filter(|one| one.kind == tieline_store::ActorKind::Person);
    assert!(found.outlook.new_people > 0 && found.outlook.new_people <= people.count() as u64);
}

#[test]
fn columns_that_a_person_matched_are_read_so() {
    let mut bench = Bench::new();
    let folder = bench.data.path().join(UPLOADS).join("two");
    fs::create_dir_all(&folder).unwrap();
    let rows = "Name,Email,Place\nAda Ox,ada@acme.example,Board\nBo Elk,bo@acme.example,Board\n";
    fs::write(folder.join("people.csv"), rows).unwrap();
    let paths = [folder.display().to_string()];
    let uploads = bench.data.path().join(UPLOADS);
    let columns = [("name", "Name"), ("email", "Email"), ("unit", "Place")];
    let mut matched = Matched::default();
    matched.set("people.csv", None, columns.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
    matched.write(&Matched::path(&uploads, &paths)).unwrap();
    bench.ask(&import_of(&paths, true));
    bench.worker.next().unwrap();
    let found = Preview::read(&Preview::path(&uploads, &paths)).unwrap();
    let shown: Vec<_> = found.tables[0].columns.iter().map(|one| one.field.as_deref()).collect();
    assert_eq!(shown, [Some("name"), Some("email"), Some("unit")]);
    assert!(found.tables[0].columns.iter().all(|one| one.why == "you said so"));
    bench.ask(&import_of(&paths, false));
    bench.worker.next().unwrap();
    let units = bench.wait(bench.store.units(None));
    assert!(units.iter().any(|row| row.unit.name == "Board"), "{units:?}");
    assert_eq!(fs::read_dir(&uploads).unwrap().count(), 0, "notes go with the files");
}

#[test]
fn an_erasure_takes_what_dry_runs_found_and_files_that_wait_for_a_word() {
    let mut bench = Bench::new();
    bench.ask(&import_of(&[slice("mail.mbox")], false));
    bench.worker.next().unwrap();
    let (waits, wanted) = (uploaded(&bench), bench.data.path().join(UPLOADS).join("wanted"));
    fs::create_dir_all(&wanted).unwrap();
    let wanted = wanted.display().to_string();
    bench.ask(&import_of(std::slice::from_ref(&waits), true));
    bench.ask(&import_of(&[slice("mail.mbox"), slice("directory.csv")], true));
    bench.worker.next().unwrap();
    bench.worker.next().unwrap();
    let person = bench.wait(bench.store.identity()).actors.remove(0);
    bench.ask(&Job::Erase { address: person.anchor });
    bench.ask(&import_of(std::slice::from_ref(&wanted), false));
    bench.worker.next().unwrap();
    let left = fs::read_dir(bench.data.path().join(UPLOADS)).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["wanted"], "files of an import that was asked for stay for it");
}

#[test]
fn pages_and_importer_know_the_same_fields() {
    let fields = tieline_web::preview::FIELDS.iter().map(|field| field.word);
    let known = tieline_import::directory::Field::ALL.iter().map(|field| field.name());
    assert!(fields.eq(known));
}

#[test]
fn an_import_taken_back_twice_is_taken_back_once() {
    let mut bench = Bench::new();
    bench.ask(&import_of(&[slice("mail.mbox")], false));
    bench.worker.next().unwrap();
    let import = bench.wait(bench.store.live_imports())[0].id;
    for _ in 0..2 {
        let job = bench.ask(&Job::Undo { import });
        bench.worker.next().unwrap();
        assert_eq!(bench.job(job).state, JobState::Done);
        bench.nothing_is_left();
    }
}

#[test]
fn a_job_that_cannot_be_done_says_why() {
    let mut bench = Bench::new();
    let job = bench.ask(&import_of(&["/nowhere/to/be/found".to_owned()], false));
    bench.worker.next().unwrap();
    let failed = bench.job(job);
    assert_eq!(failed.state, JobState::Failed);
    assert!(failed.error.unwrap().contains("/nowhere/to/be/found"));
}
