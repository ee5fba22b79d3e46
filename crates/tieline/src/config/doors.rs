//! How people reach the server and come in: TLS, proxies, mail, an identity provider.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tieline_web::{Claim, Network, Unknown};

use super::{Checker, ConfigError};

/// Environment variable with the password of the mail server.
const MAIL_PASSWORD: &str = "TIELINE_MAIL_PASSWORD";

/// Environment variable with this program's secret at the identity provider.
const OIDC_SECRET: &str = "TIELINE_OIDC_SECRET";

/// How people reach the server and come in.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Doors {
    /// Where browsers reach the server; without a slash at its end.
    pub(crate) url: Option<String>,
    /// Certificate and key.
    pub(crate) tls: Option<TlsFiles>,
    /// Proxies whose word counts.
    pub(crate) proxies: Vec<Network>,
    /// How mail is sent.
    pub(crate) mail: Option<Mail>,
    /// Who vouches for people.
    pub(crate) oidc: Option<Oidc>,
}

/// A certificate with its chain, and its key; PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mail {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: MailTls,
    pub(crate) from: String,
    pub(crate) user: String,
    pub(crate) password: SecretPlace,
}

/// How the way to the mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailTls {
    /// Plain at first, TLS before anything is said.
    Starttls,
    /// TLS from the start.
    Tls,
    /// In clear: a server on this machine alone.
    None,
}

impl MailTls {
    const fn port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }

    /// The word of the configuration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }
}

/// Who vouches for people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Oidc {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) client: String,
    pub(crate) secret: SecretPlace,
    pub(crate) scopes: Vec<String>,
    pub(crate) claim: Claim,
    pub(crate) unknown: Unknown,
    pub(crate) domains: Vec<String>,
}

/// Where a secret is: a variable of the environment, which comes first, or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretPlace {
    variable: &'static str,
    file: Option<PathBuf>,
}

impl SecretPlace {
    /// The secret, if there is one.
    ///
    /// # Errors
    /// When its file cannot be read; the message never holds the secret.
    pub(crate) fn read(&self) -> Result<Option<String>, ConfigError> {
        if let Ok(secret) = std::env::var(self.variable)
            && !secret.is_empty()
        {
            return Ok(Some(secret));
        }
        let Some(file) = &self.file else { return Ok(None) };
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Read { path: file.display().to_string(), source })?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// `[server]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ServerText {
    url: String,
    tls_cert: PathBuf,
    tls_key: PathBuf,
    proxies: Vec<String>,
}

/// `[mail]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MailText {
    host: String,
    port: u16,
    tls: MailTls,
    from: String,
    user: String,
    password_file: PathBuf,
}

impl Default for MailText {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 0,
            tls: MailTls::Starttls,
            from: String::new(),
            user: String::new(),
            password_file: PathBuf::new(),
        }
    }
}

/// `[oidc]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OidcText {
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: PathBuf,
    scopes: Vec<String>,
    claim: String,
    unknown: String,
    domains: Vec<String>,
}

impl Default for OidcText {
    fn default() -> Self {
        Self {
            name: "your organisation".to_owned(),
            issuer: String::new(),
            client_id: String::new(),
            client_secret_file: PathBuf::new(),
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            claim: "email".to_owned(),
            unknown: "refuse".to_owned(),
            domains: Vec::new(),
        }
    }
}

impl Checker<'_> {
    pub(super) fn doors(
        &self,
        server: &ServerText,
        mail: MailText,
        oidc: OidcText,
    ) -> Result<Doors, ConfigError> {
        let url = self.url(&server.url)?;
        let doors = Doors {
            tls: self.tls(server)?,
            proxies: self.proxies(&server.proxies)?,
            mail: self.mail(mail)?,
            oidc: self.oidc(oidc)?,
            url,
        };
        if doors.url.is_none() && (doors.mail.is_some() || doors.oidc.is_some()) {
            let range = "where browsers reach the server, such as https://tieline.example.org: \
                         mail and oidc need it";
            return Err(self.wrong("server.url", String::new(), range));
        }
        Ok(doors)
    }

    fn wrong(&self, key: &'static str, value: String, range: &'static str) -> ConfigError {
        ConfigError::Range { path: self.path.to_owned(), key, value, range }
    }

    fn url(&self, url: &str) -> Result<Option<String>, ConfigError> {
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        match (url, host) {
            ("", _) => Ok(None),
            (_, Some(host)) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
                Ok(Some(url.to_owned()))
            }
            _ => {
                let range = "like https://tieline.example.org, without a slash at its end";
                Err(self.wrong("server.url", url.to_owned(), range))
            }
        }
    }

    fn tls(&self, server: &ServerText) -> Result<Option<TlsFiles>, ConfigError> {
        let given = |path: &Path| !path.as_os_str().is_empty();
        match (given(&server.tls_cert), given(&server.tls_key)) {
            (false, false) => Ok(None),
            (true, true) => {
                Ok(Some(TlsFiles { cert: server.tls_cert.clone(), key: server.tls_key.clone() }))
            }
            (has_cert, _) => {
                let key = if has_cert { "server.tls_key" } else { "server.tls_cert" };
                Err(self.wrong(key, String::new(), "given too: a certificate and its key"))
            }
        }
    }

    fn proxies(&self, proxies: &[String]) -> Result<Vec<Network>, ConfigError> {
        let network = |text: &String| {
            let range = "a list of addresses and networks, like 127.0.0.1 or 10.0.0.0/8";
            text.parse().map_err(|_| self.wrong("server.proxies", text.clone(), range))
        };
        proxies.iter().map(network).collect()
    }

    fn mail(&self, mail: MailText) -> Result<Option<Mail>, ConfigError> {
        if mail.host.is_empty() {
            return Ok(None);
        }
        if mail.from.parse::<lettre::message::Mailbox>().is_err() {
            let range = "a mail address, like Tieline <tieline@example.org>";
            return Err(self.wrong("mail.from", mail.from, range));
        }
        if mail.tls == MailTls::None && !is_near(&mail.host) {
            let range = "starttls or tls for a mail server that is not on this machine";
            return Err(self.wrong("mail.tls", mail.tls.name().to_owned(), range));
        }
        Ok(Some(Mail {
            port: if mail.port == 0 { mail.tls.port() } else { mail.port },
            host: mail.host,
            tls: mail.tls,
            from: mail.from,
            user: mail.user,
            password: self.secret(MAIL_PASSWORD, "mail.password_file", mail.password_file)?,
        }))
    }

    fn oidc(&self, oidc: OidcText) -> Result<Option<Oidc>, ConfigError> {
        if oidc.issuer.is_empty() {
            return Ok(None);
        }
        if oidc.client_id.is_empty() {
            let range = "the name of this program at the provider";
            return Err(self.wrong("oidc.client_id", oidc.client_id, range));
        }
        let claim = match oidc.claim.as_str() {
            "email" => Claim::Email,
            "sub" => Claim::Subject,
            "preferred_username" => Claim::PreferredUsername,
            _ => {
                let range = "email, sub or preferred_username";
                return Err(self.wrong("oidc.claim", oidc.claim, range));
            }
        };
        let unknown = match oidc.unknown.as_str() {
            "refuse" => Unknown::Refuse,
            "member" => Unknown::Member,
            _ => return Err(self.wrong("oidc.unknown", oidc.unknown, "refuse or member")),
        };
        let file = oidc.client_secret_file;
        Ok(Some(Oidc {
            name: oidc.name,
            issuer: oidc.issuer,
            client: oidc.client_id,
            secret: self.secret(OIDC_SECRET, "oidc.client_secret_file", file)?,
            scopes: oidc.scopes,
            claim,
            unknown,
            domains: oidc.domains,
        }))
    }

    fn secret(
        &self,
        variable: &'static str,
        key: &'static str,
        file: PathBuf,
    ) -> Result<SecretPlace, ConfigError> {
        match (file.as_os_str().is_empty(), file.is_absolute()) {
            (true, _) => Ok(SecretPlace { variable, file: None }),
            (false, true) => Ok(SecretPlace { variable, file: Some(file) }),
            (false, false) => {
                let value = file.display().to_string();
                Err(self.wrong(key, value, "the absolute path of a file"))
            }
        }
    }
}

/// Whether a host is this machine.
fn is_near(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn fault(text: &str) -> String {
        Config::parse(text, "t.toml").unwrap_err().to_string()
    }

    const URL: &str = "[server]\nurl = 'https://t.example.org'\n";

    #[test]
    fn links_need_to_know_where_the_server_is() {
        let mail = "[mail]\nhost = 'localhost'\ntls = 'none'\nfrom = 'T <t@example.org>'\n";
        assert!(fault(mail).contains("server.url"));
        let doors = Config::parse(&format!("{URL}{mail}"), "t.toml").unwrap().doors;
        assert_eq!(doors.mail.map(|mail| mail.port), Some(25));
        assert!(fault("[server]\nurl = 'https://t.example.org/'").contains("server.url"));
        assert!(fault("[server]\nurl = 't.example.org'").contains("server.url"));
    }

    #[test]
    fn mail_goes_in_clear_on_this_machine_alone() {
        let far = "[mail]\nhost = 'mail.example.org'\ntls = 'none'\nfrom = 't@example.org'\n";
        assert!(fault(&format!("{URL}{far}")).contains("mail.tls"));
        let nameless = "[mail]\nhost = 'mail.example.org'\nfrom = 'nobody'\n";
        assert!(fault(&format!("{URL}{nameless}")).contains("mail.from"));
        let secret = "[mail]\nhost = 'm.example.org'\nfrom = 't@e.org'\npassword = 'x'\n";
        assert!(fault(&format!("{URL}{secret}")).contains("password"), "there is no such value");
    }

    #[test]
    fn a_certificate_comes_with_its_key_and_a_provider_with_a_name_for_us() {
        assert!(fault("[server]\ntls_cert = '/c.pem'").contains("server.tls_key"));
        assert!(fault("[server]\nproxies = ['far']").contains("server.proxies"));
        let oidc = |more: &str| {
            format!("{URL}[oidc]\nissuer = 'https://id.example.org'\nclient_id = 'tieline'\n{more}")
        };
        assert!(Config::parse(&oidc(""), "t.toml").unwrap().doors.oidc.is_some());
        assert!(fault(&oidc("claim = 'phone'")).contains("oidc.claim"));
        assert!(fault(&oidc("unknown = 'owner'")).contains("oidc.unknown"));
        assert!(fault(&oidc("client_secret_file = 'x'")).contains("oidc.client_secret_file"));
        let nameless = format!("{URL}[oidc]\nissuer = 'https://id.example.org'");
        assert!(fault(&nameless).contains("oidc.client_id"));
    }
}
