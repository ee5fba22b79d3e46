//! The network as a file to take away. Who took which is written down.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tieline_model::id::AccountId;

use super::layers::layer;
use super::lens_form::{Asking, LensAsked, Seen, one_through};
use crate::app::App;
use crate::error::AppError;
use crate::export::{Drawing, Format, file};
use crate::extract::Signed;
use crate::here;

/// Why there is nothing to draw.
pub(crate) const NO_MAP: &str = "A map needs three groups of five people or more.";

/// What the URL asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// svg | gexf | csv
    pub(crate) format: String,
    /// Word of a layer, for the map.
    pub(crate) layer: String,
    /// Name of a group that is opened, for the map.
    pub(crate) group: String,
    /// `organic`, for the map; else by group.
    pub(crate) layout: String,
}

impl Asked {
    fn drawing(&self) -> Drawing {
        let group = Some(self.group.clone()).filter(|group| !group.is_empty());
        let is_organic = self.layout == "organic";
        Drawing { layer: layer(&self.layer), group, is_organic, open: String::new() }
    }
}

/// `GET /network/export?format=`.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    asking: Asking,
    Query(asked): Query<Asked>,
    Query(part): Query<LensAsked>,
) -> Result<Response, AppError> {
    let format = Format::from_name(&asked.format).filter(|_| signed.viewer.may_read());
    let format = format.ok_or(AppError::NotFound)?;
    let snapshot = match one_through(&app, &signed, asking, &part).await? {
        Seen::Networks([snapshot]) => snapshot,
        Seen::Instead(response) => return Ok(response),
    };
    let (viewer, drawing) = (signed.viewer, asked.drawing());
    let write = here::carried(move || file(&snapshot, &viewer, &drawing, format));
    let written = tokio::task::spawn_blocking(write);
    let body = written.await?.ok_or_else(|| AppError::BadRequest(NO_MAP.to_owned()))?;
    note(&app, signed.account.id, format).await?;
    Ok(answer(format, body))
}

/// Writes down that an account took the network away.
pub(crate) async fn note(app: &App, by: AccountId, format: Format) -> Result<(), AppError> {
    let tx = app.store.begin_by(by).await?;
    tx.note_export(by, format.name()).await?;
    Ok(tx.commit().await?)
}

/// The file as it is sent.
pub(crate) fn answer(format: Format, body: String) -> Response {
    let name = format!("attachment; filename=\"network.{}\"", format.name());
    let head =
        [(header::CONTENT_TYPE, format.kind().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (head, body).into_response()
}
