//! The issues of an import as a table for other programs, sent page by page.

use axum::body::Body;
use futures_util::stream;
use tieline_model::id::ImportId;
use tieline_model::issue::Severity;
use tieline_store::{LocatedIssue, Store, StoreError};

/// Issues read at a time.
const PAGE: u64 = 1000;

/// Where the sending is.
enum At {
    /// Before the header.
    Start,
    /// After an issue.
    After(Option<u64>),
    End,
}

/// All issues: file, position, severity, reason.
pub(crate) fn issues(store: Store, import: ImportId) -> Body {
    Body::from_stream(stream::try_unfold((store, At::Start), move |(store, at)| async move {
        let after = match at {
            At::Start => {
                let header = "file,position,severity,reason\r\n".to_owned();
                return Ok::<_, StoreError>(Some((header, (store, At::After(None)))));
            }
            At::After(after) => after,
            At::End => return Ok(None),
        };
        let page = store.issues(import, after, PAGE).await?;
        let next = match page.last() {
            Some(last) if page.len() as u64 == PAGE => At::After(Some(last.ordinal)),
            _ => At::End,
        };
        Ok(Some((page.iter().map(line).collect(), (store, next))))
    }))
}

fn line(located: &LocatedIssue) -> String {
    let issue = &located.issue;
    let severity = match issue.severity {
        Severity::Lost => "lost",
        Severity::Repaired => "repaired",
    };
    let position = issue.position.to_string();
    let cells = [&issue.file, &position, severity, &issue.reason].map(cell);
    format!("{}\r\n", cells.join(","))
}

/// A cell as RFC 4180 has it. File names are anyone's: one that a spreadsheet would take for a
/// formula is marked as text.
fn cell(text: &str) -> String {
    let text = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(cell("mail.mbox"), "mail.mbox");
        assert_eq!(cell("a, \"b\".csv"), "\"a, \"\"b\"\".csv\"");
        assert_eq!(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(cell(""), "");
    }
}
