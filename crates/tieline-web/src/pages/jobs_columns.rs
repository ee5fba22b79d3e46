//! Columns of a table that a dry run looked at, matched by a person: kept beside the files, under a
//! name if one is given, and looked at again before anything counts.

use std::collections::BTreeMap;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tieline_model::job::Job;
use tieline_store::StoredJob;

use super::form::Fault;
use super::jobs::{self, looked_at};
use super::jobs_view;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Steward;
use crate::preview::{Beside, FIELDS, Matched, Table, field_named};

/// Longest name of matches that are kept, characters.
const MAX_NAME: usize = 80;

/// Id of the heading that faults point to.
const PLACE: &str = "cols-h";

/// `POST /jobs/{id}/columns`.
pub(crate) async fn save(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let job = jobs::find(&app, &id).await?;
    let paths = looked_at(&job)?.to_vec();
    let Some(preview) = jobs_view::preview(&app, &paths) else { return Err(gone()) };
    let form: BTreeMap<String, String> = form.into_iter().collect();
    let table = form.get("table").and_then(|at| preview.tables.get(at.parse::<usize>().ok()?));
    let table = table.ok_or_else(|| AppError::BadRequest(t!("error-no-table")))?;
    let (columns, keep_as) = match asked(&app, &form, table).await? {
        Ok(asked) => asked,
        Err(fault) => {
            let again = jobs::again(&app, &signed, &job, vec![fault]).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    refuse_at_work(&app, &paths).await?;
    let uploads = app.settings.uploads.clone();
    let at = Matched::path(&uploads, &paths);
    let mut matched = Matched::read(&at).unwrap_or_default();
    matched.set(&table.file, table.sheet.as_deref(), columns.clone());
    tokio::task::spawn_blocking(move || matched.write(&at)).await?.map_err(|error| {
        AppError::Internal(format!("matched columns could not be written: {error}"))
    })?;
    let again = look_again(&app, &signed.viewer, &job, keep_as, &columns).await?;
    Ok(Redirect::to(&format!("/jobs/{again}?done=columns")).into_response())
}

fn gone() -> AppError {
    AppError::Conflict(t!("error-looked-gone"))
}

/// What an import reads now is not to change under it.
async fn refuse_at_work(app: &App, paths: &[String]) -> Result<(), AppError> {
    if jobs::is_wanted(app, paths).await? {
        let why = t!("error-being-imported");
        return Err(AppError::Conflict(why.to_owned()));
    }
    Ok(())
}

/// Keeps the matches under a name, and asks for another dry run; its id.
async fn look_again(
    app: &App,
    viewer: &tieline_model::access::Viewer,
    job: &StoredJob,
    keep_as: Option<String>,
    columns: &BTreeMap<String, String>,
) -> Result<String, AppError> {
    let Job::Import { paths, .. } = &job.job else { return Err(AppError::NotFound) };
    let tx = app.store.begin().await?;
    if let Some(name) = keep_as {
        let text = serde_json::to_string(columns);
        let text = text.map_err(|error| AppError::Internal(error.to_string()))?;
        tx.save_column_mapping(&name, &text).await?;
    }
    let again = Job::Import { paths: paths.clone(), dry_run: true };
    let id = tx.enqueue(&again, Some(viewer.account), None).await?;
    tx.commit().await?;
    Ok(id.to_string())
}

/// Columns, and the name to keep them under; or what is wrong with the form.
type Asked = Result<(BTreeMap<String, String>, Option<String>), Fault>;

async fn asked(
    app: &App,
    form: &BTreeMap<String, String>,
    table: &Table,
) -> Result<Asked, AppError> {
    let text = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let kept = text("mapping");
    if form.contains_key("use") {
        return Ok(match saved(app, kept).await? {
            Some(columns) => Ok((columns, None)),
            None => Err(Fault::new(PLACE, t!("form-columns-use"))),
        });
    }
    let name = text("save_as");
    if name.chars().count() > MAX_NAME {
        return Ok(Err(Fault::new(PLACE, t!("form-columns-name"))));
    }
    let keep_as = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(chosen(form, table).map(|columns| (columns, keep_as)))
}

/// Matches that were kept under a name, by page or command line.
async fn saved(app: &App, name: &str) -> Result<Option<BTreeMap<String, String>>, AppError> {
    let Some(text) = app.store.column_mapping(name).await? else { return Ok(None) };
    let mut columns: BTreeMap<String, String> = serde_json::from_str(&text).unwrap_or_default();
    columns.retain(|field, _| field_named(field).is_some());
    Ok(Some(columns).filter(|columns| !columns.is_empty()))
}

/// The meaning chosen for each column.
fn chosen(
    form: &BTreeMap<String, String>,
    table: &Table,
) -> Result<BTreeMap<String, String>, Fault> {
    let mut columns: BTreeMap<String, String> = BTreeMap::new();
    for at in 0..table.columns.len() {
        let word = form.get(&format!("c{at}")).map(String::as_str).unwrap_or_default();
        if word.is_empty() {
            continue;
        }
        let Some(field) = field_named(word) else {
            return Err(Fault::new(PLACE, t!("form-columns-list")));
        };
        let before = columns.keys().filter(|known| field_named(known) == Some(field)).count();
        if before > 0 && !field.may_repeat {
            let text = t!("form-columns-twice", field = field.label());
            return Err(Fault::new(PLACE, text));
        }
        let key = match before {
            0 => field.word.to_owned(),
            n => format!("{}{}", field.word, n + 1),
        };
        columns.insert(key, table.name_of(at));
    }
    let names = FIELDS.iter().filter(|field| field.names_people);
    if !names.clone().any(|field| columns.contains_key(field.word)) {
        let text = t!("form-columns-nobody");
        return Err(Fault::new(PLACE, text));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::{Column, Sure};

    fn table() -> Table {
        let column = |header: &str| Column {
            header: header.to_owned(),
            field: None,
            sure: Sure::Check,
            why: String::new(),
        };
        let columns = ["Who", "Mail", "Mail", "Team"].map(column).into();
        Table { file: "x.csv".to_owned(), sheet: None, columns }
    }

    fn form(words: [&str; 4]) -> BTreeMap<String, String> {
        let fields = words.iter().enumerate();
        fields.map(|(at, word)| (format!("c{at}"), (*word).to_owned())).collect()
    }

    #[test]
    fn columns_of_one_header_are_told_apart_and_repeated_fields_numbered() {
        let found = chosen(&form(["name", "email", "email", ""]), &table()).unwrap();
        let expected = [("email", "Mail"), ("email2", "Mail#2"), ("name", "Who")];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
    }

    #[test]
    fn what_cannot_be_is_said() {
        let check = |words, part: &str| {
            let fault = chosen(&form(words), &table()).unwrap_err();
            assert!(fault.text.contains(part), "{fault:?}");
        };
        check(["name", "name", "", ""], "Only one column can be “Full name”");
        check(["", "", "", "unit"], "nobody can be told apart");
        check(["king", "", "", ""], "from the list");
    }
}
