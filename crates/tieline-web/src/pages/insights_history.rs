//! Findings over time.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use tieline_insight::voice::until_words;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::history::{self, Entry};
use crate::page::page;
use crate::shell::{Place, Shell};

/// A finding as a row.
struct Row {
    sentence: String,
    kind: &'static str,
    when: String,
}

/// Findings of one state.
struct Part {
    id: &'static str,
    title: &'static str,
    nothing: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "insights_history.html")]
struct HistoryPage {
    shell: Shell,
    sub: String,
    parts: [Part; 3],
}

/// `GET /insights/history`.
pub(crate) async fn show(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let found = history::history(&app.store).await?;
    let sub = match found.span {
        None => "Findings are kept from the next time that they are computed.".to_owned(),
        Some((_, last)) if found.runs == 1 => format!(
            "As of {}, for the first time: later ones are compared with it. People are not named \
             here.",
            until_words(last)
        ),
        Some((first, last)) => format!(
            "From {} to {}, {}. People are not named here.",
            until_words(first),
            until_words(last),
            here::count(found.runs as u64, "computation")
        ),
    };
    let part = |id, title, nothing, state| Part {
        id,
        title,
        nothing,
        rows: found.entries.iter().filter(|entry| entry.state == state).map(row).collect(),
    };
    let parts = [
        part("new", "New", "Nothing is new.", history::State::New),
        part("stays", "Still so", "Nothing stays from before.", history::State::Stays),
        part("gone", "Not so any more", "Nothing went.", history::State::Gone),
    ];
    page(&HistoryPage { shell: Shell::new(&app, &signed, Place::Insights), sub, parts })
}

fn row(entry: &Entry) -> Row {
    let since = until_words(entry.since);
    Row {
        sentence: entry.sentence.clone(),
        kind: kind(&entry.kind),
        when: match entry.until {
            Some(until) => format!("from {since}, gone by {}", until_words(until)),
            None => format!("since {since}"),
        },
    }
}

/// A kind in words.
fn kind(name: &str) -> &'static str {
    match name {
        "silo" => "Gap",
        "orientation" => "Inward or outward",
        "formal-chart" => "Chart and work",
        "broker" => "Joins groups up",
        "departure" => "If someone leaves",
        "dependence" => "Hangs on one person",
        "cooling" => "Cooling",
        "bridges" => "New ties",
        _ => "Finding",
    }
}
