//! What browsers load, embedded; built by `build.rs`.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// One embedded file.
pub(crate) struct Asset {
    /// Its URL; changes with its content.
    pub(crate) path: &'static str,
    /// Its media type.
    kind: &'static str,
    bytes: &'static [u8],
}

/// The files.
pub(crate) mod files {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Icons, as SVG to put into a page.
#[allow(dead_code, reason = "the list is of the icons that templates may use")]
pub(crate) mod icons {
    include!(concat!(env!("OUT_DIR"), "/icons.rs"));
}

/// `GET /assets/{name}`. The name holds a hash of the content, so browsers may keep it for ever.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let found = files::ALL.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&name));
    match found {
        Some(asset) => {
            let lasting = "public, max-age=31536000, immutable";
            let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, lasting)];
            (headers, asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
