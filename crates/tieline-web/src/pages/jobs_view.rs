//! Jobs as pages show them.

use std::path::Path;

use tieline_model::job::{Job, JobState, Letter};
use tieline_model::time::Moment;
use tieline_store::StoredJob;

use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::preview::{Beside, First, Preview};
use crate::show;

/// Names in a title.
const NAMED: usize = 3;

/// One job.
pub(crate) struct JobView {
    pub(crate) id: String,
    /// "Import mail.mbox".
    pub(crate) title: String,
    /// "Running", with a tone.
    pub(crate) state: (&'static str, &'static str),
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
            (JobState::Queued, None) => "Waits for its turn".to_owned(),
            (JobState::Paused, _) => "Nothing of it counts yet. Other work goes first; then, and after ten minutes, it begins anew"
                    .to_owned(),
            (JobState::Stopping, _) => "Taking back what was read".to_owned(),
            (state, _) if state.is_over() => String::new(),
            _ => progress.stage.clone(),
        },
        percent: (progress.bytes * 100)
            .checked_div(progress.bytes_total)
            .map(|share| share.min(100)),
        counts: counts(job),
        when: format!("asked for {}", show::ago(job.created, now)),
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
    format!(
        "{}, {} of {}",
        here::count(progress.records, "record"),
        show::bytes(progress.bytes),
        show::bytes(progress.bytes_total)
    )
}

fn state(state: JobState) -> (&'static str, &'static str) {
    match state {
        JobState::Queued => ("Waiting", ""),
        JobState::Running => ("Running", "acc"),
        JobState::Paused => ("Paused", "warn"),
        JobState::Stopping => ("Stopping", "warn"),
        JobState::Done => ("Done", "good"),
        JobState::Failed => ("Did not work", "bad"),
        JobState::Stopped => ("Stopped", ""),
    }
}

async fn title(app: &App, job: &StoredJob) -> Result<String, AppError> {
    Ok(match &job.job {
        Job::Erase { .. } => "Forget a person".to_owned(),
        Job::Import { paths, dry_run: true } => format!("Look at {}", files(app, paths)),
        Job::Import { paths, dry_run: false } => match job.result {
            Some(id) => match app.store.import(id).await {
                Ok(import) => format!("Import {}", import.label),
                // Taken back since.
                Err(tieline_store::StoreError::NotFound { .. }) => "Import".to_owned(),
                Err(error) => return Err(error.into()),
            },
            None => format!("Import {}", files(app, paths)),
        },
        Job::Undo { import } => match app.store.import(*import).await {
            Ok(import) => format!("Take back {}", import.label),
            Err(tieline_store::StoreError::NotFound { .. }) => "Take an import back".to_owned(),
            Err(error) => return Err(error.into()),
        },
        Job::Refresh => "Bring the network up to date".to_owned(),
        Job::Mail { letter: Letter::SignIn { .. } } => "Mail a link to sign in".to_owned(),
        Job::Mail { letter: Letter::Invitation { .. } } => "Mail an invitation".to_owned(),
        Job::Mail { letter: Letter::OwnData { .. } } => "Mail a link to own data".to_owned(),
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
        (true, _) => "uploaded files".to_owned(),
        (_, 0) => names.join(", "),
        (_, more) => format!("{} and {} more", names.join(", "), here::grouped(more as u64)),
    }
}

/// What a dry run of these paths found, as long as it is kept.
pub(crate) fn preview(app: &App, paths: &[String]) -> Option<Preview> {
    Preview::read(&Preview::path(&app.settings.uploads, paths))
}
