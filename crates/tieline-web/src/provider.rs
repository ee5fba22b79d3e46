//! Whoever vouches for people at sign-in: an OpenID Connect provider. Authorization code with PKCE,
//! state and nonce; what the provider says of itself is kept for an hour, and asked for anew when it
//! signs with a key that is not known.
//!
//! A browser that goes to the provider keeps one secret in a cookie; state, nonce and the verifier of
//! the code are all made of it, so that nothing of them is stored. Its hash is a link that works once:
//! nobody comes back twice.

mod http;

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, TokenResponse as _, UserInfoError,
};
use tokio::sync::Mutex;

use self::http::{Http, HttpFault};
use crate::session::Secret;

/// How long what the provider says of itself is taken for true.
const KEPT: Duration = Duration::from_secs(3600);

/// Pause before it is asked for anew because of an unknown key.
const PAUSE: Duration = Duration::from_secs(30);

/// Which claim says whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The mail address, where the provider has verified it, against where the account's mail goes.
    Email,
    /// The provider's own name for the person, against the account's login.
    Subject,
    /// The name that the person has there, against the account's login.
    PreferredUsername,
}

/// What becomes of someone whom the provider knows and the workspace does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are sent away.
    Refuse,
    /// They become a member.
    Member,
}

/// What the operator set.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// What people call it: "Sign in with ...".
    pub name: String,
    /// Its address, as its tokens say it.
    pub issuer: String,
    /// Name of this program there.
    pub client: String,
    /// Secret of this program there; `None` for a public client.
    pub secret: Option<String>,
    /// What is asked for, beside `openid`.
    pub scopes: Vec<String>,
    /// Which claim links to an account.
    pub claim: Claim,
    /// What becomes of the unknown.
    pub unknown: Unknown,
    /// Domains that verified mail addresses must be of; empty: any.
    pub domains: Vec<String>,
    /// Where browsers reach this server.
    pub url: String,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { issuer, client, .. } = self;
        f.debug_struct("ProviderSettings")
            .field("issuer", issuer)
            .field("client", client)
            .finish_non_exhaustive()
    }
}

/// What went wrong on the way.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be reached, or answers nonsense.
    #[error("the identity provider does not answer as it should: {0}")]
    Down(String),
    /// It did not take the code.
    #[error("the identity provider did not take the code: {0}")]
    Code(String),
    /// Its token is not what was asked for.
    #[error("the identity provider's token does not hold: {0}")]
    Token(String),
    /// A value of the configuration is no URL.
    #[error("{0}")]
    Configuration(String),
}

/// Someone as the provider vouches for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Vouched {
    /// The provider's own name for them.
    pub(crate) subject: String,
    /// Their mail address, where the provider has verified it.
    pub(crate) mail: Option<String>,
    /// Whether there is an address that it has not verified.
    pub(crate) is_unverified: bool,
    /// The name that they have there.
    pub(crate) username: Option<String>,
    /// Their name.
    pub(crate) name: Option<String>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: Http,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl Provider {
    /// A provider; it is not asked for anything yet.
    ///
    /// # Errors
    /// When an address is none, or goes over the network in clear, or the system's certificates
    /// cannot be read.
    pub fn new(settings: ProviderSettings) -> Result<Self, ProviderError> {
        let wrong = |error: &dyn std::fmt::Display| ProviderError::Configuration(error.to_string());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| wrong(&error))?;
        let http = Http::new(issuer.url()).map_err(|error| wrong(&error))?;
        let back = format!("{}/sign-in/provider/callback", settings.url);
        let redirect = RedirectUrl::new(back).map_err(|error| wrong(&error))?;
        Ok(Self { settings, issuer, redirect, http, known: Mutex::new(None) })
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// What the operator set.
    pub(crate) fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Where a browser with this secret goes to be vouched for.
    ///
    /// # Errors
    /// [`ProviderError::Down`].
    pub(crate) async fn way_there(&self, secret: &Secret) -> Result<String, ProviderError> {
        let client = self.client(KEPT).await?;
        let (state, nonce) = (state(secret), nonce(secret));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(secret));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client
            .authorize_url(flow, move || CsrfToken::new(state), move || nonce)
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        Ok(request.url().0.to_string())
    }

    /// Who came back with this code, in the browser with this secret.
    ///
    /// # Errors
    /// As [`ProviderError`] says.
    pub(crate) async fn vouch(
        &self,
        secret: &Secret,
        code: &str,
    ) -> Result<Vouched, ProviderError> {
        let client = self.client(KEPT).await?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| ProviderError::Down(error.to_string()))?;
        let token = request.set_pkce_verifier(verifier(secret)).request_async(&self.http).await;
        let token = token.map_err(|error| match error {
            RequestTokenError::ServerResponse(refused) => ProviderError::Code(refused.to_string()),
            RequestTokenError::Request(fault) => ProviderError::Down(fault.to_string()),
            other => ProviderError::Down(other.to_string()),
        })?;
        let claims = match claims(&client, &token, &nonce(secret)) {
            Err(Doubt::Key) => {
                let client = self.client(PAUSE).await?;
                claims(&client, &token, &nonce(secret))
            }
            other => other,
        };
        let claims = claims.map_err(|doubt| match doubt {
            Doubt::Key => ProviderError::Token("it is signed with an unknown key".to_owned()),
            Doubt::Other(why) => ProviderError::Token(why),
        })?;
        self.complete(&client, &claims, token.access_token()).await
    }

    /// What the token says of the person, or, where it is silent on their address, what the provider
    /// says when it is asked.
    async fn complete(
        &self,
        client: &Client,
        claims: &CoreIdTokenClaims,
        access: &AccessToken,
    ) -> Result<Vouched, ProviderError> {
        let mut vouched = Vouched {
            subject: claims.subject().to_string(),
            username: claims.preferred_username().map(|name| name.to_string()),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            ..Vouched::default()
        };
        vouched.note_mail(claims.email().map(|mail| mail.as_str()), claims.email_verified());
        let subject = claims.subject().clone();
        let asked = client.user_info(access.clone(), Some(subject));
        let (None, false, Ok(request)) = (&vouched.mail, vouched.is_unverified, asked) else {
            return Ok(vouched);
        };
        let more: CoreUserInfoClaims =
            request.request_async(&self.http).await.map_err(|error| match error {
                UserInfoError::ClaimsVerification(why) => ProviderError::Token(why.to_string()),
                other => ProviderError::Down(other.to_string()),
            })?;
        vouched.note_mail(more.email().map(|mail| mail.as_str()), more.email_verified());
        let name = more.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        vouched.name = vouched.name.or(name);
        let username = more.preferred_username().map(|name| name.to_string());
        vouched.username = vouched.username.or(username);
        Ok(vouched)
    }

    /// A client on what the provider says of itself, learned at most so long ago.
    async fn client(&self, at_most: Duration) -> Result<Client, ProviderError> {
        let metadata = self.metadata(at_most).await?;
        let secret = self.settings.secret.clone().map(ClientSecret::new);
        let id = ClientId::new(self.settings.client.clone());
        let client = CoreClient::from_provider_metadata((*metadata).clone(), id, secret);
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }

    /// Of several who ask at once one goes; the others wait for what it learns.
    async fn metadata(
        &self,
        at_most: Duration,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &*known
            && at.elapsed() < at_most
        {
            return Ok(Arc::clone(metadata));
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let found = found.map_err(|error: DiscoveryError<HttpFault>| match error {
            DiscoveryError::Request(fault) => ProviderError::Down(fault.to_string()),
            other => ProviderError::Down(other.to_string()),
        })?;
        let metadata = Arc::new(found);
        *known = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }
}

impl Vouched {
    fn note_mail(&mut self, mail: Option<&str>, is_verified: Option<bool>) {
        match (mail, is_verified) {
            (Some(mail), Some(true)) => self.mail = Some(mail.to_owned()),
            (Some(_), _) => self.is_unverified = true,
            (None, _) => {}
        }
    }
}

/// Why a token is not believed.
enum Doubt {
    /// It is signed with a key that is not known: perhaps a new one.
    Key,
    Other(String),
}

fn claims(
    client: &Client,
    token: &CoreTokenResponse,
    nonce: &Nonce,
) -> Result<CoreIdTokenClaims, Doubt> {
    let Some(id) = token.id_token() else {
        return Err(Doubt::Other("there is none: is openid among the scopes?".to_owned()));
    };
    match id.claims(&client.id_token_verifier(), nonce) {
        Ok(claims) => Ok(claims.clone()),
        Err(ClaimsVerificationError::SignatureVerification(_)) => Err(Doubt::Key),
        Err(why) => Err(Doubt::Other(why.to_string())),
    }
}

/// What the secret of a browser becomes for one use; each tells nothing of the others.
fn made_of(secret: &Secret, purpose: &str) -> String {
    let key =
        blake3::derive_key(&format!("tieline 2026 sign-in {purpose}"), secret.text().as_bytes());
    URL_SAFE_NO_PAD.encode(key)
}

/// What the provider must bring back.
pub(crate) fn state(secret: &Secret) -> String {
    made_of(secret, "state")
}

fn nonce(secret: &Secret) -> Nonce {
    Nonce::new(made_of(secret, "nonce"))
}

fn verifier(secret: &Secret) -> PkceCodeVerifier {
    PkceCodeVerifier::new(made_of(secret, "verifier"))
}
