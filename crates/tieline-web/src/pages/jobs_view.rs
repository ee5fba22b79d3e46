//! Jobs as pages show them.

use std::path::Path;

use tieline_model::job::{Job, JobState, Letter};
use tieline_model::time::Moment;
use tieline_store::StoredJob;

use crate::app::App;
use crate::error::AppError;
use crate::preview::{Beside, First, Preview};
use crate::show;

/// Names in a title.
const NAMED: usize = 3;

/// One job.
pub(crate) struct JobView {
    pub(crate) id: String,
    /// "Import mail.mbox".
    pub(crate) title: String,
    /// t!("job-state-running"), with a tone.
    pub(crate) state: (String, &'static str),
    /// What it is doing.
    pub(crate) stage: String,
    /// How far it is, of a hundred; `None` when that is not known.
    pub(crate) percent: Option<u64>,
    /// "1,200 records, 3.4 of 20 MB".
    pub(crate) counts: String,
    pub(crate) when: String,
    pub(crate) can_pause: bool,
    pub(crate) can_resume: bool,
    pub(crate) can_stop: bool,
    pub(crate) is_over: bool,
    pub(crate) error: Option<String>,
    /// The first thing that shows, while it is read.
    pub(crate) first: Option<First>,
}

/// A job in words.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn view(app: &App, job: &StoredJob, now: Moment) -> Result<JobView, AppError> {
    let progress = &job.progress;
    let is_import = matches!(job.job, Job::Import { .. });
    let is_active = matches!(job.state, JobState::Queued | JobState::Running);
    Ok(JobView {
        id: job.id.to_string(),
        title: title(app, job).await?,
        state: state(job.state),
        stage: match (job.state, job.started) {
            (JobState::Queued, None) => t!("job-stage-queued"),
            (JobState::Paused, _) => t!("job-stage-paused"),
            (JobState::Stopping, _) => t!("job-stage-stopping"),
            (state, _) if state.is_over() => String::new(),
            _ => progress.stage.clone(),
        },
        percent: (progress.bytes * 100)
            .checked_div(progress.bytes_total)
            .map(|share| share.min(100)),
        counts: counts(job),
        when: t!("job-asked", ago = show::ago(job.created, now)),
        can_pause: is_import && is_active,
        can_resume: job.state == JobState::Paused,
        can_stop: is_active || job.state == JobState::Paused,
        is_over: job.state.is_over(),
        error: job.error.clone(),
        first: first(app, job),
    })
}

/// What shows already, as long as the job is at work.
fn first(app: &App, job: &StoredJob) -> Option<First> {
    let Job::Import { paths, .. } = &job.job else { return None };
    let is_at_work = matches!(job.state, JobState::Running | JobState::Paused);
    First::read(&First::path(&app.settings.uploads, paths)).filter(|_| is_at_work)
}

fn counts(job: &StoredJob) -> String {
    let progress = &job.progress;
    if progress.bytes_total == 0 {
        return String::new();
    }
    t!(
        "job-counts",
        records = progress.records,
        done = show::bytes(progress.bytes),
        all = show::bytes(progress.bytes_total),
    )
}

fn state(state: JobState) -> (String, &'static str) {
    match state {
        JobState::Queued => (t!("job-state-queued"), ""),
        JobState::Running => (t!("job-state-running"), "acc"),
        JobState::Paused => (t!("job-state-paused"), "warn"),
        JobState::Stopping => (t!("job-state-stopping"), "warn"),
        JobState::Done => (t!("job-state-done"), "good"),
        JobState::Failed => (t!("job-state-failed"), "bad"),
        JobState::Stopped => (t!("job-state-stopped"), ""),
    }
}

async fn title(app: &App, job: &StoredJob) -> Result<String, AppError> {
    Ok(match &job.job {
        Job::Erase { .. } => t!("job-erase"),
        Job::Import { paths, dry_run: true } => t!("job-look-at", files = files(app, paths)),
        Job::Import { paths, dry_run: false } => match job.result {
            Some(id) => match app.store.import(id).await {
                Ok(import) => t!("job-import", files = import.label),
                // Taken back since.
                Err(tieline_store::StoreError::NotFound { .. }) => t!("job-import-gone"),
                Err(error) => return Err(error.into()),
            },
            None => t!("job-import", files = files(app, paths)),
        },
        Job::Undo { import } => match app.store.import(*import).await {
            Ok(import) => t!("job-take-back", label = import.label),
            Err(tieline_store::StoreError::NotFound { .. }) => t!("job-take-back-gone"),
            Err(error) => return Err(error.into()),
        },
        Job::Refresh => t!("job-refresh"),
        Job::Mail { letter: Letter::SignIn { .. } } => t!("job-mail-sign-in"),
        Job::Mail { letter: Letter::Invitation { .. } } => t!("job-mail-invitation"),
        Job::Mail { letter: Letter::OwnData { .. } } => t!("job-mail-own-data"),
        Job::Mail { letter: Letter::Vote { .. } } => t!("job-mail-vote"),
        Job::Mail { letter: Letter::Guest { .. } } => t!("job-mail-guest"),
    })
}

/// What people call these paths: uploaded files by their own names, while they are here.
pub(crate) fn files(app: &App, paths: &[String]) -> String {
    let mut names = Vec::new();
    for path in paths {
        if Path::new(path).parent() != Some(&app.settings.uploads) {
            names.push(path.clone());
            continue;
        }
        // A folder that is gone was emptied when its job was over.
        let Ok(entries) = std::fs::read_dir(path) else { continue };
        names.extend(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()));
    }
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match (names.is_empty(), more) {
        (true, _) => t!("job-uploaded-files"),
        (_, 0) => names.join(", "),
        (_, more) => t!("job-files-more", names = names.join(", "), n = more),
    }
}

/// What a dry run of these paths found, as long as it is kept.
pub(crate) fn preview(app: &App, paths: &[String]) -> Option<Preview> {
    Preview::read(&Preview::path(&app.settings.uploads, paths))
}
