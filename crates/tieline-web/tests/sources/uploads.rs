use std::fs;

use tieline_model::job::{Job, JobState};

use crate::bench::{Bench, MOST, text, words};

fn paths(job: &Job) -> &[String] {
    match job {
        Job::Import { paths, dry_run: true } => paths,
        other => panic!("files are looked at first: {other:?}"),
    }
}

#[test]
fn files_are_looked_at_first_under_their_own_names_whatever_path_they_claim() {
    let bench = Bench::new();
    let answer = bench.upload(
        &[
            ("../../../etc/cron.d/evil.csv", b"one"),
            ("C:\\Users\\ada\\evil.csv", b"two"),
            ("/EVIL.csv", b"three"),
            ("..", b"four"),
        ],
        "",
    );
    let jobs = bench.jobs();
    assert_eq!((answer.status, answer.to), (303, format!("/jobs/{}", jobs[0].id)));
    let uploaded = bench.uploaded();
    let mut names: Vec<_> =
        uploaded.iter().map(|path| text(path.file_name().unwrap().as_ref())).collect();
    names.sort();
    assert_eq!(names, ["EVIL (3).csv", "evil (2).csv", "evil.csv", "file"]);
    assert!(uploaded.iter().all(|path| path.components().count() == 2), "{uploaded:?}");
    let folder = bench.data.path().join("uploads").join(uploaded[0].parent().unwrap());
    assert_eq!(paths(&jobs[0].job), [text(&folder)]);
    assert_eq!(fs::read(folder.join("evil.csv")).unwrap(), b"one");
}

#[test]
fn more_than_the_server_takes_is_refused_in_words_and_leaves_nothing() {
    let bench = Bench::new();
    let half = vec![b'x'; MOST / 2 + 1];
    let answer = bench.upload(&[("a.mbox", &half), ("b.mbox", &half)], "");
    assert_eq!(answer.status, 413);
    assert!(words(&answer.text).contains("One upload takes 100 kB in all. Nothing was kept."));
    assert!(bench.uploaded().is_empty() && bench.jobs().is_empty());
    let small: Vec<(&str, &[u8])> = vec![("a.eml", b""); 2_001];
    let answer = bench.upload(&small, "");
    assert_eq!(answer.status, 413);
    assert!(words(&answer.text).contains("2,000 files"), "{}", words(&answer.text));
    assert!(bench.uploaded().is_empty() && bench.jobs().is_empty());
}

#[test]
fn a_request_that_is_far_too_large_is_not_read_at_all() {
    let bench = Bench::new();
    let answer = bench.upload(&[("a.mbox", &vec![b'x'; MOST + (5 << 20)])], "");
    assert_eq!(answer.status, 413);
    assert!(bench.uploaded().is_empty());
}

#[test]
fn what_is_no_form_of_files_is_refused_in_words() {
    let bench = Bench::new();
    let answer = bench.post("/imports", "folder=/etc");
    assert_eq!(answer.status, 400);
    assert!(words(&answer.text).contains("The files did not come as a form"));
    // Cut short in the middle of a file.
    let cut = b"--edge-of-a-part\r\nContent-Disposition: form-data; name=\"files\"; \
        filename=\"a.mbox\"\r\n\r\nFrom ada"
        .to_vec();
    let answer = bench.upload_raw(cut);
    assert_eq!(answer.status, 400);
    assert!(words(&answer.text).contains("The upload was cut short"));
    assert!(bench.uploaded().is_empty() && bench.jobs().is_empty());
}

#[test]
fn a_form_without_a_file_says_so_at_its_field() {
    let bench = Bench::new();
    for files in [vec![], vec![("", b"".as_slice())]] {
        let answer = bench.upload(&files, " ");
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("<a href=\"#files\">Choose at least one file.</a>"));
    }
    assert!(bench.jobs().is_empty());
}

#[test]
fn a_folder_of_the_server_is_read_only_where_the_operator_opened_it() {
    let bench = Bench::new();
    let open = bench.open.path().canonicalize().unwrap();
    fs::create_dir(open.join("mail")).unwrap();
    let answer = bench.upload(&[], &text(&open.join("mail")));
    assert_eq!(answer.status, 303);
    assert_eq!(paths(&bench.jobs()[0].job), [text(&open.join("mail"))]);
    let outside = text(&open.join("mail/../.."));
    let mut closed = Vec::new();
    for folder in ["/etc", "/there/is/no/such/folder", outside.as_str()] {
        let answer = bench.upload(&[("a.mbox", b"x")], folder);
        assert_eq!(answer.status, 422, "{folder}");
        closed.push(words(&answer.text).split("Bring files").next().unwrap().to_owned());
    }
    assert!(closed[0].contains("This folder is not there, or not open for imports."));
    assert!(closed.iter().all(|text| *text == closed[0]), "the answer tells what there is");
    let answer = bench.upload(&[], "mail");
    assert!(words(&answer.text).contains("Write the whole path, from the root of the server."));
    assert_eq!(bench.jobs().len(), 1);
    assert!(bench.uploaded().is_empty(), "files beside a refused folder are not kept");
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_an_opened_folder() {
    let bench = Bench::new();
    std::os::unix::fs::symlink("/etc", bench.open.path().join("way-out")).unwrap();
    let answer = bench.upload(&[], &text(&bench.open.path().join("way-out")));
    assert_eq!(answer.status, 422);
}

#[test]
fn stopping_before_a_worker_came_deletes_the_files() {
    let bench = Bench::new();
    bench.upload(&[("a.mbox", b"From a")], "");
    let job = bench.jobs()[0].id;
    let answer = bench.post(&format!("/jobs/{job}/stop"), "");
    assert_eq!((answer.status, answer.to.as_str()), (303, "/imports?done=stop"));
    assert_eq!(bench.jobs()[0].state, JobState::Stopped);
    assert!(bench.uploaded().is_empty());
}
