//! One job: how far it is, what a dry run found, and saying how it is to go on.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::id::JobId;
use tieline_model::job::{Job, JobState};
use tieline_store::{StoreError, StoredJob, Tx};

use super::form::Fault;
use super::imports::{Sums, refresh};
use super::imports_upload;
use super::jobs_view::{self, JobView};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::here;
use crate::page::page;
use crate::preview::{FIELDS, FieldWord, FileFound, Outlook, Preview, Sure, Table};
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

/// Jobs looked through for one about the same files.
const JOBS: u64 = 50;

/// What a dry run found.
struct Found {
    is_known: bool,
    import: String,
    read: u64,
    new: u64,
    duplicate: u64,
    left_out: u64,
    issues: u64,
    /// Shares of what was read, of a hundred: linked, repaired, left out.
    shares: [u64; 3],
    left_out_by: Vec<(String, u64)>,
    files: Vec<FileFound>,
    more_files: u64,
    tables: Vec<Table>,
    /// Columns that a person should look at.
    to_check: usize,
    /// Records that come in or are there: they are linked to people.
    linked: u64,
    /// Records that count for nothing.
    dropped: u64,
    /// Kept after a repair.
    repaired: String,
    outlook: Outlook,
}

impl Found {
    /// Whether anything waits for a person's look.
    fn has_doubts(&self) -> bool {
        self.to_check > 0 || self.outlook.n_pairs > 0 || self.repaired != "0"
    }

    /// "12 new people, 3 recognised"; empty where nobody comes in.
    fn people(&self) -> String {
        let (new, known) = (self.outlook.new_people, self.outlook.known_people);
        match (new, known) {
            (0, 0) => String::new(),
            (new, 0) => t!("imports-people-new", n = new),
            (0, known) => t!("imports-people-known", n = known),
            (new, known) => t!("imports-people-new-known", new = new, known = known),
        }
    }

    /// "3 pairs look alike, 2 columns to check".
    fn doubts(&self) -> String {
        let (pairs, columns) = (self.outlook.n_pairs, self.to_check as u64);
        let mut told = Vec::new();
        if pairs > 0 {
            told.push(t!("imports-doubt-pairs", n = pairs));
        }
        if columns > 0 {
            told.push(t!("imports-doubt-columns", n = columns));
        }
        if self.repaired != "0" {
            told.push(t!("imports-doubt-repaired", n = self.repaired));
        }
        told.join(", ")
    }
}

/// An import that is done.
struct Made {
    id: String,
    sums: Sums,
    /// Whether pages show it yet.
    is_shown: bool,
    /// Pairs that wait for a word; empty where none do.
    reviews: String,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobPage {
    shell: Shell,
    part: JobPart,
    job: JobView,
    is_dry_run: bool,
    is_import: bool,
    found: Option<Found>,
    made: Option<Made>,
    /// Names of matches that were kept.
    kept: Vec<String>,
    faults: Vec<Fault>,
}

impl JobPage {
    fn fields(&self) -> &'static [FieldWord] {
        &FIELDS
    }
}

/// How far it is: the part of the page that is asked for again while it runs.
#[derive(Template)]
#[template(path = "jobs_part.html")]
struct JobPart {
    job: JobView,
}

/// The job of a path.
///
/// # Errors
/// When there is none.
pub(super) async fn find(app: &App, id: &str) -> Result<StoredJob, AppError> {
    let id: JobId = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(app.store.job(id).await?)
}

/// `GET /jobs/{id}`. Asked for by script: how far it is, alone.
pub(crate) async fn show(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let job = find(&app, &id).await?;
    let view = jobs_view::view(&app, &job, session::now()).await?;
    if headers.contains_key("hx-request") {
        return if view.is_over { Ok(refresh()) } else { page(&JobPart { job: view }) };
    }
    if let Some(newer) = looked_at_again(&app, &job).await? {
        return Ok(Redirect::to(&format!("/jobs/{newer}")).into_response());
    }
    let mut built = build(&app, &signed, &job, Vec::new()).await?;
    built.shell = built.shell.with_toast(done.toast());
    page(&built)
}

/// The page again, with what is wrong with its form.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn again(
    app: &App,
    signed: &Signed,
    job: &StoredJob,
    faults: Vec<Fault>,
) -> Result<Response, AppError> {
    page(&build(app, signed, job, faults).await?)
}

async fn build(
    app: &App,
    signed: &Signed,
    job: &StoredJob,
    faults: Vec<Fault>,
) -> Result<JobPage, AppError> {
    let found = found(app, job);
    let kept = match &found {
        Some(found) if !found.tables.is_empty() => {
            app.store.column_mappings().await?.into_iter().map(|(name, _)| name).collect()
        }
        _ => Vec::new(),
    };
    Ok(JobPage {
        shell: Shell::new(app, signed, Place::Imports),
        part: JobPart { job: jobs_view::view(app, job, session::now()).await? },
        job: jobs_view::view(app, job, session::now()).await?,
        is_dry_run: matches!(job.job, Job::Import { dry_run: true, .. }),
        is_import: matches!(job.job, Job::Import { .. }),
        made: made(app, job).await?,
        found,
        kept,
        faults,
    })
}

/// A newer dry run of the same files: with other columns, so that this one is no longer so.
async fn looked_at_again(app: &App, job: &StoredJob) -> Result<Option<JobId>, AppError> {
    if !matches!(job.job, Job::Import { dry_run: true, .. }) {
        return Ok(None);
    }
    let all = app.store.jobs(None, JOBS).await?;
    let newest = all.iter().find(|other| other.job == job.job);
    Ok(newest.map(|newest| newest.id).filter(|newest| *newest > job.id))
}

/// Whether an import of these files is asked for and not over.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn is_wanted(app: &App, paths: &[String]) -> Result<bool, AppError> {
    let wanted = Job::Import { paths: paths.to_vec(), dry_run: false };
    let all = app.store.jobs(None, JOBS).await?;
    Ok(all.iter().any(|job| job.job == wanted && !job.state.is_over()))
}

fn found(app: &App, job: &StoredJob) -> Option<Found> {
    let Job::Import { paths, dry_run: true } = &job.job else { return None };
    if job.state != JobState::Done {
        return None;
    }
    jobs_view::preview(app, paths).map(Found::from)
}

impl From<Preview> for Found {
    fn from(found: Preview) -> Self {
        let share = |n: u64| (n * 100).checked_div(found.read).unwrap_or(0).min(100);
        let columns = found.tables.iter().flat_map(|table| &table.columns);
        let reasons = found.left_out_by.iter();
        Self {
            is_known: found.is_known,
            read: found.read,
            new: found.new,
            duplicate: found.duplicate,
            left_out: found.left_out,
            issues: found.issues,
            shares: [
                share(found.new + found.duplicate),
                share(found.repaired),
                share(found.left_out + found.issues),
            ],
            left_out_by: reasons.map(|(why, n)| (show::left_out(why), *n)).collect(),
            to_check: columns.filter(|column| column.sure == Sure::Check).count(),
            linked: found.new + found.duplicate,
            dropped: found.left_out + found.issues,
            repaired: here::grouped(found.repaired),
            outlook: found.outlook,
            more_files: found.n_files.saturating_sub(found.files.len() as u64),
            import: found.import,
            files: found.files,
            tables: found.tables,
        }
    }
}

async fn made(app: &App, job: &StoredJob) -> Result<Option<Made>, AppError> {
    let (Job::Import { dry_run: false, .. }, Some(id)) = (&job.job, job.result) else {
        return Ok(None);
    };
    match app.store.import(id).await {
        Ok(import) => Ok(Some(Made {
            id: id.to_string(),
            sums: Sums::of(&import),
            is_shown: app.live.get().is_some_and(|snapshot| snapshot.imports.contains(&id)),
            reviews: match app.store.open_reviews().await? {
                0 => String::new(),
                n => t!("imports-n-pairs", n = n),
            },
        })),
        // Taken back since.
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `POST /jobs/{id}/import`: what a dry run looked at is to be imported. Asked for twice, it is
/// one job.
pub(crate) async fn import(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let looked = find(&app, &id).await?;
    let (paths, key) = (looked_at(&looked)?, format!("import-of:{}", looked.id));
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let job = Job::Import { paths: paths.to_vec(), dry_run: false };
    let id = tx.enqueue(&job, Some(signed.viewer.account), Some(&key)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/jobs/{id}")))
}

/// The paths that a finished dry run looked at.
pub(super) fn looked_at(job: &StoredJob) -> Result<&[String], AppError> {
    match (&job.job, job.state) {
        (Job::Import { paths, dry_run: true }, JobState::Done) => Ok(paths),
        _ => Err(AppError::NotFound),
    }
}

/// `POST /jobs/{id}/discard`: what a dry run looked at is not wanted.
pub(crate) async fn discard(
    State(app): State<App>,
    Steward(_): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let looked = find(&app, &id).await?;
    let paths = looked_at(&looked)?.to_vec();
    if is_wanted(&app, &paths).await? {
        let why = t!("error-being-imported-discard");
        return Err(AppError::Conflict(why.to_owned()));
    }
    tokio::task::spawn_blocking(move || imports_upload::remove(&app, &paths)).await?;
    Ok(Redirect::to("/imports?done=discard"))
}

/// `POST /jobs/{id}/pause`.
pub(crate) async fn pause(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    say(&app, &signed, &id, async |tx, job| tx.pause_job(job).await).await?;
    Ok(Redirect::to(&format!("/jobs/{id}?done=pause")))
}

/// `POST /jobs/{id}/resume`.
pub(crate) async fn resume(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    say(&app, &signed, &id, async |tx, job| tx.resume_job(job).await).await?;
    Ok(Redirect::to(&format!("/jobs/{id}?done=resume")))
}

/// `POST /jobs/{id}/stop`. A job that no worker ever took is over at once, and its files go.
pub(crate) async fn stop(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let stopped = say(&app, &signed, &id, async |tx, job| tx.stop_job(job).await).await?;
    if let (Job::Import { paths, .. }, JobState::Stopped) = (stopped.job, stopped.state) {
        tokio::task::spawn_blocking(move || imports_upload::remove(&app, &paths)).await?;
    }
    Ok(Redirect::to("/imports?done=stop"))
}

/// Says to a job how it is to go on, in one transaction; the job afterwards.
async fn say(
    app: &App,
    signed: &Signed,
    id: &str,
    word: impl AsyncFnOnce(&Tx, JobId) -> Result<(), StoreError>,
) -> Result<StoredJob, AppError> {
    let job = find(app, id).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    word(&tx, job.id).await?;
    tx.commit().await?;
    Ok(app.store.job(job.id).await?)
}
