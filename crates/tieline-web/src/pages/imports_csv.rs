//! The issues of an import as a table for other programs, sent page by page.

use axum::body::Body;
use futures_util::stream;
use tieline_model::id::ImportId;
use tieline_model::issue::Severity;
use tieline_store::{LocatedIssue, Store, StoreError};

use crate::csv;

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
    csv::line(&[&issue.file, &position, severity, &issue.reason])
}
