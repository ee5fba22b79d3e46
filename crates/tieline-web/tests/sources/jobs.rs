use tieline_model::id::ImportId;
use tieline_model::job::{Job, JobProgress, JobState};
use tieline_model::time::Moment;
use tieline_web::preview::{
    Beside, Column, FileFound, First, Known, Matched, Outlook, PairFound, Preview, Sure, Table,
};

use crate::bench::{Bench, words};

fn state(bench: &Bench) -> JobState {
    bench.jobs()[0].state
}

/// A dry run of an upload that is done.
fn looked(bench: &Bench, preview: &Preview) -> String {
    bench.upload(&[("staff.csv", b"Name\nAda")], "");
    let job = bench.jobs().remove(0);
    let Job::Import { paths, .. } = &job.job else { panic!("{job:?}") };
    let uploads = bench.data.path().join("uploads");
    preview.write(&Preview::path(&uploads, paths)).unwrap();
    assert_eq!(bench.claim(), job.id);
    bench.finish(job.id, Ok(None));
    format!("/jobs/{}", job.id)
}

fn known(name: &str, address: &str) -> Known {
    Known { name: name.to_owned(), addresses: vec![address.to_owned()] }
}

fn preview() -> Preview {
    let column = |header: &str, field: Option<&str>, sure| Column {
        header: header.to_owned(),
        field: field.map(str::to_owned),
        sure,
        why: "its header says so".to_owned(),
    };
    Preview {
        files: vec![FileFound {
            name: "staff.csv".to_owned(),
            kind: "directory".to_owned(),
            records: 10,
            ..FileFound::default()
        }],
        n_files: 1,
        tables: vec![Table {
            file: "staff.csv".to_owned(),
            sheet: None,
            columns: vec![
                column("Name", Some("name"), Sure::Sure),
                column("<i>Boss</i>", Some("manager"), Sure::Check),
                column("Shoe size", None, Sure::Skip),
            ],
        }],
        read: 10,
        new: 6,
        duplicate: 2,
        left_out: 1,
        issues: 1,
        left_out_by: vec![("newsletter".to_owned(), 1)],
        outlook: Outlook {
            new_people: 2,
            known_people: 1,
            some_new: vec![known("Bo Elk", "bo@acme.example")],
            n_pairs: 1,
            pairs: vec![PairFound {
                a: known("Ada Ox", "ada@acme.example"),
                b: known("Ada Ox", "ada.ox@home.example"),
                percent: 71,
                reasons_for: vec!["same name".to_owned()],
                reasons_against: Vec::new(),
            }],
            nobody: vec![("no-reply@acme.example".to_owned(), "automated".to_owned())],
            ..Outlook::default()
        },
        ..Preview::default()
    }
}

#[test]
fn a_dry_run_shows_three_outcomes_and_how_columns_are_understood() {
    let bench = Bench::new();
    let page = bench.get(&looked(&bench, &preview())).text;
    let said = words(&page);
    assert!(said.contains("6 of 10 records would come in"), "{said}");
    assert!(said.contains("Linked 8 6 come in, 2 are known already"), "{said}");
    assert!(said.contains("2 people new, 1 recognised"), "{said}");
    assert!(said.contains("Needs review 1 pair 1 pair that look alike, 1 column to check."));
    assert!(said.contains("Left out 2 1 make no ties, 1 not readable. No ties: 1 newsletters."));
    assert!(said.contains("no-reply@acme.example machine"), "{said}");
    assert!(said.contains("Ada Ox ada@acme.example Ada Ox ada.ox@home.example 71 % likely"));
    assert!(page.contains("<option value=\"manager\" selected>") && said.contains("Check its"));
    assert!(!page.contains("<i>Boss</i>"), "headers are text");
    assert!(said.contains("1 to check"), "{said}");
    assert!(words(&bench.get("/imports").text).contains("Look at staff.csv Look and decide"));
}

#[test]
fn columns_are_matched_kept_and_looked_at_again() {
    let bench = Bench::new();
    let page = looked(&bench, &preview());
    let form = format!("{page}/columns");
    for wrong in
        ["table=0&c0=name&c1=name", "table=0&c2=unit", "table=0&c0=king", "table=0&use=kept"]
    {
        let answer = bench.post(&form, wrong);
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.text.contains("There is a problem") && answer.text.contains("#cols-h"));
    }
    assert_eq!(bench.post(&form, "table=7&c0=name").status, 400);
    assert_eq!(bench.jobs().len(), 1, "what is wrong changes nothing");

    let answer = bench.post(&form, "table=0&c0=name&c2=email&save_as=Staff+lists");
    assert_eq!(answer.status, 303, "{}", answer.text);
    let again = bench.jobs().remove(0);
    assert_eq!(answer.to, format!("/jobs/{}?done=columns", again.id));
    let Job::Import { paths, dry_run: true } = &again.job else { panic!("{again:?}") };
    let matched = Matched::read(&Matched::path(&bench.data.path().join("uploads"), paths)).unwrap();
    let columns = matched.of("staff.csv", None).unwrap();
    let expected = [("email", "Shoe size"), ("name", "Name")];
    assert!(columns.iter().map(|(a, b)| (a.as_str(), b.as_str())).eq(expected));
    let kept = bench.wait(bench.store.column_mapping("Staff lists")).unwrap();
    assert_eq!(kept, r#"{"email":"Shoe size","name":"Name"}"#, "as the command line takes it");

    // The look before is not so any more; the new one offers what was kept.
    assert_eq!(bench.get(&page).to, format!("/jobs/{}", again.id));
    bench.claim();
    bench.finish(again.id, Ok(None));
    let page = format!("/jobs/{}", again.id);
    assert!(bench.get(&page).text.contains("<option>Staff lists</option>"));
    let list = words(&bench.get("/imports").text);
    assert_eq!(list.matches("Look and decide").count(), 1, "{list}");
    let answer = bench.post(&format!("{page}/columns"), "table=0&mapping=Staff+lists&use=kept");
    assert_eq!(answer.status, 303, "{}", answer.text);
}

#[test]
fn the_first_thing_that_shows_is_told_while_files_are_read() {
    let bench = Bench::new();
    bench.upload(&[("mail.mbox", b"From x")], "");
    let job = bench.jobs().remove(0);
    let Job::Import { paths, .. } = &job.job else { panic!("{job:?}") };
    let sentence = "Nursing and <Housing> are almost strangers".to_owned();
    let uploads = bench.data.path().join("uploads");
    First { sentence, records: 1_000 }.write(&First::path(&uploads, paths)).unwrap();
    let page = format!("/jobs/{}", job.id);
    assert!(!bench.get(&page).text.contains("almost strangers"), "nobody reads them yet");
    bench.claim();
    let said = words(&bench.part(&page).text);
    assert!(
        said.contains("First thing we noticed: Nursing and &#60;Housing&#62; are almost"),
        "{said}"
    );
    assert!(said.contains("Preliminary, from the first 1,000 records."), "{said}");
    bench.finish(job.id, Ok(None));
    assert!(!bench.get(&page).text.contains("almost strangers"));
}

#[test]
fn importing_what_was_looked_at_is_one_job_however_often_it_is_asked_for() {
    let bench = Bench::new();
    let page = looked(&bench, &preview());
    let first = bench.post(&format!("{page}/import"), "");
    let second = bench.post(&format!("{page}/import"), "");
    assert_eq!((first.status, &first.to), (303, &second.to));
    let jobs = bench.jobs();
    assert_eq!(jobs.len(), 2);
    assert!(matches!(jobs[0].job, Job::Import { dry_run: false, .. }));
    let refused = bench.post(&format!("{page}/discard"), "");
    assert_eq!(refused.status, 409);
    assert_eq!(bench.uploaded().len(), 2, "file and preview stay for the import");
    // A job that is no finished dry run cannot be imported.
    assert_eq!(bench.post(&format!("{}/import", first.to), "").status, 404);
}

#[test]
fn what_is_not_wanted_is_deleted() {
    let bench = Bench::new();
    let page = looked(&bench, &preview());
    let answer = bench.post(&format!("{page}/discard"), "");
    assert_eq!((answer.status, answer.to.as_str()), (303, "/imports?done=discard"));
    assert!(bench.uploaded().is_empty());
    assert!(words(&bench.get(&page).text).contains("Bring the files again"));
    assert!(!words(&bench.get("/imports").text).contains("Look and decide"));
}

#[test]
fn a_running_import_shows_how_far_it_is_and_obeys() {
    let bench = Bench::new();
    let paths = vec!["/srv/mail".to_owned()];
    let job = bench.ask(&Job::Import { paths, dry_run: false });
    let page = format!("/jobs/{job}");
    assert!(words(&bench.get(&page).text).contains("Waits for its turn"));
    bench.claim();
    let progress = JobProgress {
        bytes: 2_500_000,
        bytes_total: 10_000_000,
        records: 1_200,
        stage: "Reading 600 records a second, about 6 seconds left".to_owned(),
    };
    let renew = |bench: &Bench| {
        bench.wait(async {
            let tx = bench.store.begin().await?;
            let state = tx.renew(job, "worker", Moment::from_ms(0), i64::MAX, &progress).await?;
            tx.commit().await?;
            Ok(state)
        })
    };
    renew(&bench);
    let part = bench.part(&page).text;
    assert!(
        part.contains("aria-valuenow=\"25\"") && part.contains("live-jobs from:body"),
        "{part}"
    );
    let said = words(&part);
    assert!(said.contains("1,200 records, 2.5 MB of 10 MB."), "{said}");
    assert!(said.contains("600 records a second, about 6 seconds left"), "{said}");
    assert!(bench.part("/imports").text.contains("aria-valuenow=\"25\""));
    assert!(bench.get("/imports").text.contains("http-equiv=\"refresh\""), "without scripts too");
    bench.post(&format!("{page}/pause"), "");
    assert_eq!(state(&bench), JobState::Paused);
    let said = words(&bench.get(&page).text);
    assert!(
        said.contains("Paused") && said.contains("Go on") && !said.contains("Pause "),
        "{said}"
    );
    bench.post(&format!("{page}/resume"), "");
    assert_eq!(renew(&bench), JobState::Running);
    bench.post(&format!("{page}/stop"), "");
    assert!(words(&bench.get(&page).text).contains("Taking back what was read"));
    bench.finish(job, Ok(None));
    assert_eq!(state(&bench), JobState::Stopped);
    assert!(bench.part(&page).refreshes && bench.part("/imports").refreshes);
    assert!(words(&bench.get(&page).text).contains("Nothing of it is in the workspace."));
    assert_eq!(bench.post(&format!("{page}/pause"), "").status, 409);
}

#[test]
fn a_finished_import_leads_to_what_changed_and_can_be_taken_back() {
    let bench = Bench::new();
    let import = bench.import("mail.mbox", 0);
    let job = bench.ask(&Job::Import { paths: vec!["/srv/mail".to_owned()], dry_run: false });
    bench.claim();
    bench.finish(job, Ok(Some(import)));
    let page = bench.get(&format!("/jobs/{job}")).text;
    assert!(page.contains("<a class=\"btn pri\" href=\"/\">See what changed</a>"));
    assert!(words(&page).contains("100 read = 90 new + 10 known already + 0 left out of ties"));
    for _ in 0..2 {
        let answer = bench.post(&format!("/imports/{import}/undo"), "");
        assert_eq!((answer.status, answer.to.as_str()), (303, "/imports?done=undo"));
    }
    let undos = bench.jobs().into_iter().filter(|job| job.job == Job::Undo { import });
    assert_eq!(undos.count(), 1);
    let said = bench.get("/imports?done=undo").text;
    assert!(said.contains("Taking the import back. What other imports brought stays."));
}

#[test]
fn a_job_that_failed_says_why() {
    let bench = Bench::new();
    let job = bench.ask(&Job::Import { paths: vec!["/srv/mail".to_owned()], dry_run: false });
    bench.claim();
    bench.finish(job, Err("there is no file in what you named"));
    let said = words(&bench.get(&format!("/jobs/{job}")).text);
    assert!(said.contains("Did not work There is no file in what you named."), "{said}");
    assert!(words(&bench.get("/imports").text).contains("Did not work"));
}

#[test]
fn issues_come_page_by_page_and_all_at_once_as_a_table() {
    let bench = Bench::new();
    let import = bench.import("old mail", 2_150);
    let first = bench.get(&format!("/imports/{import}"));
    assert!(words(&first.text).contains("2,250 read = 90 new"), "{}", words(&first.text));
    assert!(first.text.contains("broken in way 99<") && !first.text.contains("broken in way 100<"));
    assert!(!first.text.contains("<b>mail</b>"), "file names are text");
    let second = bench.get(&format!("/imports/{import}?after=99"));
    assert!(second.text.contains("broken in way 100<") && !second.text.contains("in way 99<"));
    let table = bench.get(&format!("/imports/{import}/issues.csv")).text;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 1 + 2_150);
    assert_eq!(lines[0], "file,position,severity,reason");
    assert_eq!(lines[1], "\"'=mail, old.mbox\",line 1,lost,broken in way 0");
    assert_eq!(lines[2_150], "\"'=mail, old.mbox\",line 2150,lost,broken in way 2149");
}

#[test]
fn what_is_not_there_and_what_one_may_not_see_are_the_same() {
    let bench = Bench::new();
    let import = bench.import("mail.mbox", 0);
    let job = bench.ask(&Job::Refresh);
    let gone = ImportId::of(&[b"gone"]);
    for path in ["/jobs/x".to_owned(), format!("/imports/{gone}"), "/imports/x".to_owned()] {
        assert_eq!(bench.get(&path).status, 404, "{path}");
    }
    for (method, path) in [
        ("GET", "/imports".to_owned()),
        ("POST", "/imports".to_owned()),
        ("GET", format!("/imports/{import}")),
        ("GET", format!("/imports/{import}/issues.csv")),
        ("POST", format!("/imports/{import}/undo")),
        ("GET", format!("/jobs/{job}")),
        ("POST", format!("/jobs/{job}/import")),
        ("POST", format!("/jobs/{job}/columns")),
        ("POST", format!("/jobs/{job}/discard")),
        ("POST", format!("/jobs/{job}/pause")),
        ("POST", format!("/jobs/{job}/resume")),
        ("POST", format!("/jobs/{job}/stop")),
        ("GET", "/identities".to_owned()),
        ("POST", "/identities/decisions".to_owned()),
    ] {
        assert_eq!(bench.as_member(method, &path), 404, "{method} {path}");
    }
    assert_eq!(bench.jobs().len(), 1);
}
