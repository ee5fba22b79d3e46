//! Sources: what was imported and what became of it, what is being imported now, and taking it back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::ImportId;
use tieline_model::issue::Severity;
use tieline_model::job::{Job, JobState};
use tieline_model::time::Moment;
use tieline_store::{Import, ImportFile, ImportState, StoredJob};

use super::form::{Fault, fault_of};
use super::imports_csv;
use super::jobs_view::{self, JobView};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Imports of a page.
const PAGE: usize = 50;

/// Issues of a page.
const ISSUES: u64 = 100;

/// Files of an import that are listed.
const MOST_FILES: usize = 500;

/// Jobs looked through for what is at work.
const JOBS: u64 = 50;

/// How long a job that failed or was stopped is told of, days.
const TOLD_DAYS: f64 = 1.0;

/// What became of the records of an import: the sum and its parts.
pub(crate) struct Sums {
    pub(crate) read: u64,
    pub(crate) new: u64,
    pub(crate) duplicate: u64,
    pub(crate) left_out: u64,
    pub(crate) issues: u64,
    pub(crate) repaired: Option<u64>,
    /// What is left out, by reason in words.
    pub(crate) left_out_by: Vec<(String, u64)>,
}

impl Sums {
    pub(crate) fn of(import: &Import) -> Self {
        let tallies = &import.tallies;
        let reasons = tallies.left_out_by.iter();
        Self {
            read: tallies.read,
            new: tallies.new,
            duplicate: tallies.duplicate,
            left_out: tallies.left_out,
            issues: tallies.issues,
            repaired: (tallies.repaired > 0).then_some(tallies.repaired),
            left_out_by: reasons.map(|(why, n)| (show::left_out(why.name()), *n)).collect(),
        }
    }

    /// How the numbers add up.
    pub(crate) fn sentence(&self) -> String {
        t!(
            "imports-sum",
            read = self.read,
            new = self.new,
            known = self.duplicate,
            left_out = self.left_out,
            issues = self.issues
        )
    }

    /// Why records make no ties.
    pub(crate) fn left_out_why(&self) -> String {
        t!("imports-left-out-why", reasons = reasons(&self.left_out_by))
    }
}

/// "12 newsletters; 3 automatic mails": why records were left out, and how many.
pub(crate) fn reasons(left_out_by: &[(String, u64)]) -> String {
    let told = |(why, n): &(String, u64)| t!("imports-n-for", n = n, why = why);
    left_out_by.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// An import in the list.
struct Row {
    id: String,
    label: String,
    when: String,
    sums: Sums,
}

/// What is at work: the part of the page that is asked for again while it is.
#[derive(Template)]
#[template(path = "imports_jobs.html")]
pub(crate) struct JobsPart {
    jobs: Vec<JobView>,
    /// Dry runs that wait for a word.
    looked: Vec<JobView>,
    ended: Vec<JobView>,
    is_running: bool,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    shell: Shell,
    part: JobsPart,
    rows: Vec<Row>,
    next: Option<u64>,
    faults: Vec<Fault>,
    folder: String,
    takes_folders: bool,
    most: String,
    reviews: u64,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: Option<u64>,
    /// Whether the page that asks for what is at work showed nothing.
    idle: bool,
}

/// `GET /imports`. Asked for by script: what is at work, alone.
pub(crate) async fn list(
    State(app): State<App>,
    Steward(signed): Steward,
    headers: HeaderMap,
    Query(done): Query<Done>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    if headers.contains_key("hx-request") {
        let part = jobs_part(&app).await?;
        return match (part.is_running, asked.idle) {
            (true, _) => page(&part),
            (false, true) => Ok(StatusCode::NO_CONTENT.into_response()),
            (false, false) => Ok(refresh()),
        };
    }
    page(&build(&app, &signed, &asked, Vec::new(), String::new(), &done).await?)
}

/// Tells the browser to load the page again: what it watched is over.
pub(crate) fn refresh() -> Response {
    [(HeaderName::from_static("hx-refresh"), "true")].into_response()
}

/// The page again, with what is wrong with the form.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn again(
    app: &App,
    signed: &Signed,
    faults: Vec<Fault>,
    folder: String,
) -> Result<Response, AppError> {
    let (asked, done) = (Asked::default(), Done::default());
    page(&build(app, signed, &asked, faults, folder, &done).await?)
}

async fn build(
    app: &App,
    signed: &Signed,
    asked: &Asked,
    faults: Vec<Fault>,
    folder: String,
    done: &Done,
) -> Result<ImportsPage, AppError> {
    let mut live = app.store.live_imports().await?;
    live.retain(|import| asked.before.is_none_or(|before| import.rank < before));
    let more = live.len() > PAGE;
    let rows: Vec<&Import> = live.iter().rev().take(PAGE).collect();
    let next = rows.last().filter(|_| more).map(|import| import.rank);
    Ok(ImportsPage {
        shell: Shell::new(app, signed, Place::Imports).with_toast(done.toast()),
        part: jobs_part(app).await?,
        rows: rows.into_iter().map(row).collect(),
        next,
        faults,
        folder,
        takes_folders: !app.settings.import_folders.is_empty(),
        most: show::bytes(app.settings.max_upload_bytes as u64),
        reviews: app.store.open_reviews().await?,
    })
}

fn row(import: &Import) -> Row {
    Row {
        id: import.id.to_string(),
        label: import.label.clone(),
        when: when(import),
        sums: Sums::of(import),
    }
}

fn when(import: &Import) -> String {
    here::date(import.finished_at.unwrap_or(import.started_at))
}

async fn jobs_part(app: &App) -> Result<JobsPart, AppError> {
    let all = app.store.jobs(None, JOBS).await?;
    let now = session::now();
    let (mut jobs, mut looked, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for job in &all {
        let list = match job.state {
            state if !state.is_over() => &mut jobs,
            JobState::Done if waits_for_a_word(app, job, &all) => &mut looked,
            JobState::Failed | JobState::Stopped if is_recent(job, now) => &mut ended,
            _ => continue,
        };
        list.push(jobs_view::view(app, job, now).await?);
    }
    let is_running = !jobs.is_empty();
    Ok(JobsPart { jobs, looked, ended, is_running })
}

/// Whether it is a dry run whose files are still here, and nobody said what is to become of them.
fn waits_for_a_word(app: &App, job: &StoredJob, all: &[StoredJob]) -> bool {
    let Job::Import { paths, dry_run: true } = &job.job else { return false };
    let imports = Job::Import { paths: paths.clone(), dry_run: false };
    let is_wanted = all.iter().any(|other| other.job == imports && !other.state.is_over());
    // Looked at again with other columns: the newest look is the one that waits.
    let is_newest =
        all.iter().find(|other| other.job == job.job).is_some_and(|one| one.id == job.id);
    is_newest && !is_wanted && jobs_view::preview(app, paths).is_some()
}

fn is_recent(job: &StoredJob, now: Moment) -> bool {
    job.finished.is_some_and(|at| now.days_since(at) < TOLD_DAYS)
}

/// An issue as shown.
struct IssueRow {
    file: String,
    position: String,
    is_lost: bool,
    reason: String,
}

#[derive(Template)]
#[template(path = "imports_show.html")]
struct ImportPage {
    shell: Shell,
    id: String,
    label: String,
    when: String,
    size: String,
    version: String,
    sums: Sums,
    files: Vec<ImportFile>,
    /// Files that are not listed.
    more_files: usize,
    issues: Vec<IssueRow>,
    next: Option<u64>,
    is_first: bool,
}

/// Which page of the issues.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct After {
    after: Option<u64>,
}

async fn finished(app: &App, id: &str) -> Result<Import, AppError> {
    let id: ImportId = id.parse().map_err(|_| AppError::NotFound)?;
    let import = app.store.import(id).await?;
    if import.state == ImportState::Done { Ok(import) } else { Err(AppError::NotFound) }
}

/// `GET /imports/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    Query(After { after }): Query<After>,
) -> Result<Response, AppError> {
    let import = finished(&app, &id).await?;
    let mut files = app.store.files(import.id).await?;
    let more_files = files.len().saturating_sub(MOST_FILES);
    files.truncate(MOST_FILES);
    let issues = app.store.issues(import.id, after, ISSUES).await?;
    let is_full = issues.len() as u64 == ISSUES;
    let next = issues.last().filter(|_| is_full).map(|last| last.ordinal);
    page(&ImportPage {
        shell: Shell::new(&app, &signed, Place::Imports),
        id: import.id.to_string(),
        label: import.label.clone(),
        when: when(&import),
        size: show::bytes(import.bytes),
        version: import.tool_version.clone(),
        sums: Sums::of(&import),
        files,
        more_files,
        issues: issues
            .into_iter()
            .map(|located| IssueRow {
                file: located.issue.file,
                position: located.issue.position.to_string(),
                is_lost: located.issue.severity == Severity::Lost,
                reason: located.issue.reason,
            })
            .collect(),
        next,
        is_first: after.is_none(),
    })
}

/// `GET /imports/{id}/issues.csv`.
pub(crate) async fn issues(
    State(app): State<App>,
    Steward(_): Steward,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let import = finished(&app, &id).await?;
    let name = format!("attachment; filename=\"issues-{}.csv\"", import.id);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, imports_csv::issues(app.store, import.id)).into_response())
}

/// `POST /imports/{id}/undo`: asks for it; a worker does it. Asked for twice, it is done once.
pub(crate) async fn undo(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let import = finished(&app, &id).await?;
    let job = Job::Undo { import: import.id };
    let all = app.store.jobs(None, JOBS).await?;
    if !all.iter().any(|other| other.job == job && !other.state.is_over()) {
        let tx = app.store.begin_by(signed.viewer.account).await?;
        tx.enqueue(&job, Some(signed.viewer.account), None).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to("/imports?done=undo"))
}
