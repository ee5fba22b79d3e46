//! Who can introduce whom.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_insight::path;
use tieline_store::PersonRow;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::show;

/// Introductions in a row that still work (METHODS 2.18).
const MOST_STEPS: usize = 3;

/// Choices offered where a name fits several people.
const CHOICES: u64 = 9;

/// Whom to connect: names, addresses or ids.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ends {
    from: String,
    to: String,
}

/// One chain.
struct Chain {
    sentence: String,
    /// Initials, name, group, and the chance of the step that leads here.
    people: Vec<(String, String, String, Option<String>)>,
}

/// One end of the path as the form shows it.
pub(crate) struct End {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) typed: String,
    /// Where the text fits several: id and name of each.
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) fault: Option<String>,
}

#[derive(Template)]
#[template(path = "path.html")]
struct PathPage {
    shell: Shell,
    ends: [End; 2],
    sentence: String,
    chains: Vec<Chain>,
}

/// `GET /network/path?from=&to=`. Chains name people on the way: for those who see names; others
/// see chains that begin with themselves as far as the next person.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(mut ends): Query<Ends>,
) -> Result<Response, AppError> {
    if !signed.viewer.sees_all_named() {
        return Err(AppError::NotFound);
    }
    let snapshot = app.live.get().ok_or(AppError::NotFound)?;
    if ends.from.is_empty()
        && let Some(actor) = signed.viewer.actor
    {
        ends.from = actor.to_string();
    }
    let (from, one) = end(&app, ("from", t!("network-path-from")), &ends.from).await?;
    let (to, two) = end(&app, ("to", t!("network-path-to")), &ends.to).await?;
    let mut sentence = String::new();
    let mut chains = Vec::new();
    if let (Some(one), Some(two)) = (one, two) {
        let nodes = snapshot.network.node_of(one.id).zip(snapshot.network.node_of(two.id));
        match nodes {
            Some((a, b)) => {
                let found = path(&snapshot.view(&signed.viewer), a, b, MOST_STEPS);
                sentence = found.sentence;
                chains = found.paths.iter().map(chain).collect();
            }
            None => sentence = t!("network-path-nowhere"),
        }
    }
    let shell = Shell::new(&app, &signed, Place::Network);
    page(&PathPage { shell, ends: [from, to], sentence, chains })
}

/// One end that was typed, and whom it means; ask for it only for those who see names.
pub(crate) async fn end(
    app: &App,
    (name, label): (&'static str, String),
    typed: &str,
) -> Result<(End, Option<PersonRow>), AppError> {
    let text = typed.trim();
    let end =
        |typed: &str, choices, fault| End { name, label, typed: typed.to_owned(), choices, fault };
    if text.is_empty() {
        return Ok((end("", Vec::new(), None), None));
    }
    let mut found = app.store.find_people(text, CHOICES).await?;
    Ok(match found.len() {
        0 => {
            let fault = Some(t!("form-nobody-called", name = text));
            (end(text, Vec::new(), fault), None)
        }
        1 => {
            let row = found.remove(0);
            (end(&row.name, Vec::new(), None), Some(row))
        }
        _ => {
            let choices = found.into_iter().map(|row| {
                let at =
                    row.organisation.map(|unit| format!(", {}", unit.name)).unwrap_or_default();
                (row.id.to_string(), format!("{}{at}", row.name))
            });
            let fault = Some(t!("form-several-called", name = text));
            (end(text, choices.collect(), fault), None)
        }
    })
}

fn chain(found: &tieline_insight::findings::Path) -> Chain {
    let group = |person: &tieline_insight::PersonRef| person.group.clone().unwrap_or_default();
    let mut people = Vec::new();
    if let Some(first) = found.steps.first() {
        let from = &first.from;
        people.push((show::initials(&from.label), from.label.clone(), group(from), None));
    }
    people.extend(found.steps.iter().map(|step| {
        let chance = format!("{:.0} %", step.probability * 100.0);
        (show::initials(&step.to.label), step.to.label.clone(), group(&step.to), Some(chance))
    }));
    Chain { sentence: found.sentence.clone(), people }
}
