//! Secrets that browsers hold, passwords, and one-time links. The store sees hashes alone.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tieline_model::id::PartnershipId;
use tieline_model::time::Moment;

/// Name of the cookie.
pub(crate) const COOKIE: &str = "tieline_session";

/// How names of cookies of guests begin: a browser may hold one for each of several partnerships.
pub(crate) const GUEST_COOKIES: &str = "tieline_guest_";

/// Days that the link of a guest, and the session it is exchanged for, last together.
pub const GUEST_DAYS: f64 = 30.0;

/// How long a session lasts without being used, days.
pub(crate) const SESSION_DAYS: f64 = 14.0;

/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// Shortest password, characters.
pub(crate) const MIN_PASSWORD: usize = 10;

/// Longest password, bytes: a bound on the work that a stranger can ask for.
pub(crate) const MAX_PASSWORD: usize = 256;

/// A secret that opens a session or a link. Its text goes to one browser or person.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The system gives no random bytes, or a password cannot be hashed.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a secret: {0}")]
pub struct SecretError(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A new one, from the randomness of the system: 256 bits.
    ///
    /// # Errors
    /// When the system has none.
    pub fn new() -> Result<Self, SecretError> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| SecretError(error.to_string()))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// One that came back.
    pub(crate) fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What its owner keeps.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the store keeps. A fast hash is enough: there is nothing to guess in 256 random bits.
    pub fn hash(&self) -> String {
        blake3::hash(self.0.as_bytes()).to_hex().to_string()
    }
}

/// The address that a one-time link opens, on a server at `base` (such as `http://127.0.0.1:8080`).
pub fn entry_link(base: &str, secret: &Secret) -> String {
    format!("{base}/enter/{}", secret.text())
}

/// The address at which a guest comes in, on a server at `base`.
pub fn guest_link(base: &str, secret: &Secret) -> String {
    format!("{base}{}", guest_path(secret))
}

/// Where a guest comes in.
pub(crate) fn guest_path(secret: &Secret) -> String {
    format!("/guest/{}", secret.text())
}

/// The address that shows a person what is held on them, on a server at `base`.
pub fn own_data_link(base: &str, secret: &Secret) -> String {
    format!("{base}{}", own_data_path(secret))
}

/// Where a person sees what is held on them.
pub(crate) fn own_data_path(secret: &Secret) -> String {
    format!("/own-data/{}", secret.text())
}

/// The cookie of a session.
pub(crate) fn cookie(secret: &Secret, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, secret.text().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .permanent()
        .build()
}

/// The cookie of a guest, sent to pages of partnerships alone.
pub(crate) fn guest_cookie(id: PartnershipId, secret: &Secret, secure: bool) -> Cookie<'static> {
    let mut cookie = cookie(secret, secure);
    cookie.set_name(guest_cookie_name(id));
    cookie.set_path("/partnerships");
    cookie
}

/// Name of the cookie of a guest of this partnership.
pub(crate) fn guest_cookie_name(id: PartnershipId) -> String {
    format!("{GUEST_COOKIES}{}", id.0.simple())
}

/// OWASP's advice for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hash of a password, in the PHC format. Costs about 30 ms: call it off the async threads.
pub(crate) fn hash_password(password: &str) -> Result<String, SecretError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| SecretError(error.to_string()))?;
    let fault = |error: argon2::password_hash::Error| SecretError(error.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(fault)?;
    Ok(argon2().hash_password(password.as_bytes(), &salt).map_err(fault)?.to_string())
}

/// Whether a password has this hash. Without a hash the same work is done, so that the time taken
/// does not tell whether an account exists.
pub(crate) fn password_matches(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    argon2().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

/// Why a password will not do, in words; `None` when it will.
pub(crate) fn password_fault(password: &str) -> Option<String> {
    if password.chars().count() < MIN_PASSWORD {
        Some(t!("form-password-short"))
    } else if password.len() > MAX_PASSWORD {
        Some(t!("form-password-long"))
    } else {
        None
    }
}

/// When a session that is used now ends.
pub(crate) fn session_end(now: Moment) -> Moment {
    now.plus_days(SESSION_DAYS)
}

/// The clock. Pages are the edge of the program; nothing below them reads it.
pub(crate) fn now() -> Moment {
    Moment::from_ms(jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_again_by_its_hash_alone() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(password_matches("correct horse battery", Some(&hash)));
        assert!(!password_matches("correct horse batteri", Some(&hash)));
        assert!(!password_matches("correct horse battery", None));
    }

    #[test]
    fn secrets_differ_and_do_not_show() {
        let (a, b) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(a.text(), b.text());
        assert_eq!(a.text().len(), 43);
        assert_eq!(format!("{a:?}"), "Secret(..)");
        assert_eq!(Secret::given(a.text()).hash(), a.hash());
    }
}
