//! Files on their way in: streamed to a folder of their own, then looked at before anything counts.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::job::Job;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::form::Fault;
use super::imports;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::preview::beside;
use crate::session::Secret;
use crate::show;

/// What the form takes around the files, bytes.
pub(crate) const AROUND_FILES: usize = 4 << 20;

/// Files of one upload.
const MAX_FILES: usize = 2_000;

/// Longest file name, bytes: what the common file systems take, less room for a number.
const MAX_NAME: usize = 200;

/// Longest path of a folder, bytes.
const MAX_FOLDER: usize = 4_096;

/// `POST /imports`: files, or a folder of the server, or both. They are looked at first.
pub(crate) async fn create(
    State(app): State<App>,
    Steward(signed): Steward,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, AppError> {
    let form = form.map_err(|_| AppError::BadRequest(t!("error-upload-form")))?;
    refuse_large(&app, &headers)?;
    let brought = receive(&app, form).await?;
    let folder = match folder(&app, brought.folder.trim()).await {
        Ok(folder) => folder,
        Err(fault) => return refused(&app, &signed, fault, brought.folder).await,
    };
    let mut paths: Vec<String> = folder.into_iter().collect();
    if !brought.tray.names.is_empty() {
        paths.push(text(&brought.tray.folder)?);
    }
    if paths.is_empty() {
        let fault = Fault::new("files", t!("form-files"));
        return refused(&app, &signed, fault, brought.folder).await;
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let job = Job::Import { paths, dry_run: true };
    let id = tx.enqueue(&job, Some(signed.viewer.account), None).await?;
    tx.commit().await?;
    brought.tray.keep();
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

async fn refused(
    app: &App,
    signed: &Signed,
    fault: Fault,
    folder: String,
) -> Result<Response, AppError> {
    let again = imports::again(app, signed, vec![fault], folder).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

fn too_large(app: &App) -> AppError {
    AppError::TooLarge(format!(
        "one upload takes {} in all. Nothing was kept. Bring fewer files at a time, or ask whoever \
         runs the server to import them from a folder",
        show::bytes(app.settings.max_upload_bytes as u64)
    ))
}

/// What says beforehand that it is too large is not read at all.
fn refuse_large(app: &App, headers: &HeaderMap) -> Result<(), AppError> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|length| length.parse::<usize>().ok());
    match length {
        Some(n) if n > app.settings.max_upload_bytes.saturating_add(AROUND_FILES) => {
            Err(too_large(app))
        }
        _ => Ok(()),
    }
}

fn text(path: &Path) -> Result<String, AppError> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| AppError::Internal("the data folder's path is no Unicode".to_owned()))
}

/// What the form brought.
struct Brought {
    tray: Tray,
    folder: String,
}

async fn receive(app: &App, mut form: Multipart) -> Result<Brought, AppError> {
    let mut brought = Brought { tray: Tray::new(app)?, folder: String::new() };
    while let Some(mut field) = form.next_field().await.map_err(|error| cut(app, &error))? {
        match (field.name(), field.file_name()) {
            (Some("files"), Some(name)) if !name.is_empty() => {
                let name = name.to_owned();
                brought.tray.take(app, &name, &mut field).await?;
            }
            (Some("folder"), None) => brought.folder = short(app, &mut field).await?,
            _ => {}
        }
    }
    Ok(brought)
}

/// The upload ended early, or is no proper form.
fn cut(app: &App, error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(app);
    }
    AppError::BadRequest(t!("error-upload-cut"))
}

/// A field of text.
async fn short(app: &App, field: &mut Field<'_>) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| cut(app, &error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_FOLDER {
            return Err(AppError::BadRequest(t!("error-folder-long")));
        }
    }
    String::from_utf8(bytes).map_err(|_| AppError::BadRequest(t!("error-folder-text")))
}

/// A folder for one upload. Goes with everything in it, unless it is kept: also when whoever
/// uploads goes away in the middle.
struct Tray {
    folder: PathBuf,
    names: HashSet<String>,
    bytes: usize,
    is_kept: bool,
}

impl Drop for Tray {
    fn drop(&mut self) {
        if !self.is_kept && !self.names.is_empty() {
            remove_folder(&self.folder);
        }
    }
}

impl Tray {
    fn new(app: &App) -> Result<Self, AppError> {
        let random: String = Secret::new()?.hash().chars().take(32).collect();
        let folder = app.settings.uploads.join(random);
        Ok(Self { folder, names: HashSet::new(), bytes: 0, is_kept: false })
    }

    fn keep(mut self) {
        self.is_kept = true;
    }

    /// Streams one file into the folder.
    async fn take(&mut self, app: &App, name: &str, field: &mut Field<'_>) -> Result<(), AppError> {
        if self.names.len() >= MAX_FILES {
            return Err(AppError::TooLarge(
                "one upload takes 2,000 files. Nothing was kept. Pack them into one zip or tar \
                 archive, or bring fewer at a time"
                    .to_owned(),
            ));
        }
        let mut file = self.open(name).await.map_err(|error| not_kept(&error))?;
        while let Some(chunk) = field.chunk().await.map_err(|error| cut(app, &error))? {
            self.bytes = self.bytes.saturating_add(chunk.len());
            if self.bytes > app.settings.max_upload_bytes {
                return Err(too_large(app));
            }
            file.write_all(&chunk).await.map_err(|error| not_kept(&error))?;
        }
        file.flush().await.map_err(|error| not_kept(&error))
    }

    /// A new file under a name of its own.
    async fn open(&mut self, name: &str) -> io::Result<File> {
        let name = own_name(&file_name(name), &self.names);
        // Two names that differ in case are one file on some file systems.
        self.names.insert(name.to_lowercase());
        tokio::fs::create_dir_all(&self.folder).await?;
        OpenOptions::new().write(true).create_new(true).open(self.folder.join(name)).await
    }
}

fn not_kept(error: &io::Error) -> AppError {
    tracing::error!("an upload could not be written: {error}");
    AppError::Unavailable(t!("error-upload-disk"))
}

/// The last part of a path of whichever system, without what no file name holds.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && *c != ':').collect();
    let clean = clean.trim();
    if clean.trim_matches('.').is_empty() {
        return "file".to_owned();
    }
    // The ending tells what kind of file it is.
    let (stem, ending) = split(clean);
    let ending: String = ending.chars().take(20).collect();
    let mut stem = stem.to_owned();
    while stem.len() + ending.len() > MAX_NAME {
        stem.pop();
    }
    format!("{stem}{ending}")
}

/// Stem and ending with its dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// The name, with a number where it is taken.
fn own_name(name: &str, taken: &HashSet<String>) -> String {
    let (stem, ending) = split(name);
    let numbered = (2..).map(|n: usize| format!("{stem} ({n}){ending}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| !taken.contains(&candidate.to_lowercase()))
        .unwrap_or_else(|| name.to_owned())
}

/// The folder of the server that was named, if the operator opened it; `None` when none was named.
async fn folder(app: &App, named: &str) -> Result<Option<String>, Fault> {
    if named.is_empty() {
        return Ok(None);
    }
    // One answer for all that is not open: it does not tell what there is on the server.
    let closed = || Fault::new("folder", t!("form-folder-closed"));
    if !Path::new(named).is_absolute() || named.contains('\0') {
        return Err(Fault::new("folder", t!("form-folder-whole")));
    }
    let real = tokio::fs::canonicalize(named).await.map_err(|_| closed())?;
    for open in &app.settings.import_folders {
        if let Ok(open) = tokio::fs::canonicalize(open).await
            && real.starts_with(open)
        {
            return real.to_str().map(|real| Some(real.to_owned())).ok_or_else(closed);
        }
    }
    Err(closed())
}

/// Removes what an upload left: files that nobody will import. Folders of the operator's are left
/// alone.
pub(crate) fn remove(app: &App, paths: &[String]) {
    let uploads = &app.settings.uploads;
    for path in paths.iter().map(Path::new).filter(|path| path.parent() == Some(uploads)) {
        remove_folder(path);
    }
    for note in beside(uploads, paths) {
        gone(std::fs::remove_file(note));
    }
}

fn remove_folder(folder: &Path) {
    gone(std::fs::remove_dir_all(folder));
}

fn gone(done: io::Result<()>) {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!("uploaded files could not be removed: {error}");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_whatever_was_given() {
        let check = |given: &str, name: &str| assert_eq!(file_name(given), name, "{given:?}");
        check("mail.mbox", "mail.mbox");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\ada\\Staff list.xlsx", "Staff list.xlsx");
        check("/absolute/inbox.mbox.gz", "inbox.mbox.gz");
        check("..", "file");
        check("a/..", "file");
        check("", "file");
        check(" . ", "file");
        check(".hidden", ".hidden");
        check("a\0b\nc.csv", "abc.csv");
        check("stream.csv:evil", "stream.csvevil");
    }

    #[test]
    fn long_names_keep_their_ending_and_stay_whole_letters() {
        let name = file_name(&format!("{}.csv", "ü".repeat(400)));
        assert!(name.len() <= MAX_NAME && name.ends_with("ü.csv"), "{name}");
        let name = file_name(&format!("a.{}", "x".repeat(400)));
        assert!(name.len() <= MAX_NAME, "{name}");
    }

    #[test]
    fn files_of_one_name_are_numbered() {
        let taken = HashSet::from(["a.csv".to_owned(), "a (2).csv".to_owned()]);
        assert_eq!(own_name("A.csv", &taken), "A (3).csv");
        assert_eq!(own_name("b.csv", &taken), "b.csv");
    }
}
