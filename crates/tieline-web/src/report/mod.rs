//! The report: findings as one self-contained page. No script, no outside resource; light and dark;
//! prints on A4. Look: the report of the design (sentence first, table behind every picture).

pub(crate) mod map;
pub(crate) mod show;
mod view;

use askama::Template;
use tieline_insight::Findings;

use view::ReportPage;

/// What the page shows beside the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportOptions {
    /// Name of the workspace, at the top.
    pub workspace: String,
    /// Title; `None` = the claim made from the top finding.
    pub title: Option<String>,
    /// Where the page is shown.
    pub frame: Frame,
}

/// Where a report is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// In a file of its own, with everything in it.
    File,
    /// In the application, with a way back.
    Live {
        /// URL of the style sheet.
        stylesheet: &'static str,
        /// Label and address of the same report with or without names; `None` where there is no
        /// choice.
        names: Option<(String, &'static str)>,
    },
}

/// The page could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be rendered: {0}")]
pub struct ReportError(#[from] askama::Error);

/// Renders the findings. Deterministic: the same findings give the same bytes.
///
/// # Errors
/// Only when memory for the page cannot be had.
pub fn render(findings: &Findings, options: &ReportOptions) -> Result<String, ReportError> {
    Ok(ReportPage::new(findings, options).render()?)
}

#[cfg(test)]
mod tests;
