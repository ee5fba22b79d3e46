//! Configuration: `tieline.toml` in the data folder, every value documented there, parsed once.

pub(crate) mod doors;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tieline_model::interaction::Channel;
use tieline_model::tie::TieParams;

use self::doors::{Doors, MailText, OidcText, ServerText};

/// The file that a new data folder gets: every value with its meaning, at its default.
pub(crate) const TEMPLATE: &str = include_str!("tieline.toml");

/// Name of the file in the data folder.
pub(crate) const FILE_NAME: &str = "tieline.toml";

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is no valid TOML, or names a value that does not exist.
    #[error("{path} is not right: {message}")]
    Parse {
        /// The file.
        path: String,
        /// Where and what, from the parser.
        message: String,
    },
    /// A value is out of its range.
    #[error("{path}: {key} is {value}, but it has to be {range}")]
    Range {
        /// The file.
        path: String,
        /// Which value.
        key: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        range: &'static str,
    },
}

/// The effective configuration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// Parameters of tie strength.
    pub(crate) ties: TieParams,
    /// How far back findings look, in days; `None` = everything (decayed).
    pub(crate) window_days: Option<f64>,
    /// People of brokers, cooling ties and suggestions shown.
    pub(crate) top: usize,
    /// Permutations for the silo test.
    pub(crate) permutations: u32,
    /// Resamples for stability.
    pub(crate) resamples: u32,
    /// Seed of everything random.
    pub(crate) seed: u64,
    /// Name of the workspace, shown on reports.
    pub(crate) workspace: String,
    /// Worth of a list: senders it needs to be a discussion.
    pub(crate) lists: ListRules,
    /// Folders of the server that may be imported from in the browser.
    pub(crate) import_folders: Vec<PathBuf>,
    /// Where the store is, if not in the data folder.
    pub(crate) store: Option<StorePlace>,
    /// How people reach the server and come in.
    pub(crate) doors: Doors,
}

/// Where the store is, as the configuration says it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StorePlace {
    /// This URL, which holds no password.
    Url(String),
    /// The URL in this file.
    File(PathBuf),
}

/// When a mailing list is a discussion and when an address is a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ListRules {
    /// Distinct senders a list needs to be a discussion.
    pub(crate) min_senders: u64,
    /// Share of its messages that answer another message, at least.
    pub(crate) min_answer_share: f64,
    /// Distinct senders after which an address that never writes itself is a list.
    pub(crate) silent_address_senders: u64,
    /// Messages it must have received.
    pub(crate) silent_address_messages: u64,
}

/// The file as written; sections and values it leaves out take their defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    workspace: Workspace,
    ties: Ties,
    channels: BTreeMap<String, f64>,
    findings: Findings,
    lists: Lists,
    imports: Imports,
    store: Store,
    server: ServerText,
    mail: MailText,
    oidc: OidcText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Imports {
    folders: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Store {
    url: String,
    url_file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Workspace {
    name: String,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { name: "Our network".to_owned() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ties {
    half_life_days: f64,
    reciprocity_weight: f64,
    saturation: f64,
    max_group: u32,
    threshold: f64,
}

impl Default for Ties {
    fn default() -> Self {
        let params = TieParams::default();
        Self {
            half_life_days: params.half_life_days,
            reciprocity_weight: params.reciprocity_weight,
            saturation: params.saturation,
            max_group: params.max_group,
            threshold: params.threshold,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Findings {
    window_days: f64,
    top: usize,
    permutations: u32,
    resamples: u32,
    seed: u64,
}

impl Default for Findings {
    fn default() -> Self {
        Self { window_days: 365.0, top: 10, permutations: 5000, resamples: 200, seed: 20_261_116 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Lists {
    min_senders: u64,
    min_answer_share: f64,
    silent_address_senders: u64,
    silent_address_messages: u64,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            min_senders: 3,
            min_answer_share: 0.05,
            silent_address_senders: 20,
            silent_address_messages: 50,
        }
    }
}

impl Config {
    /// Reads the configuration of a data folder; where there is none, writes the template first.
    ///
    /// # Errors
    /// When the file cannot be read or written, is no TOML, names an unknown value, or holds one out
    /// of range.
    pub(crate) fn open(data: &Path) -> Result<Self, ConfigError> {
        let path = data.join(FILE_NAME);
        let shown = path.display().to_string();
        let read = |source| ConfigError::Read { path: shown.clone(), source };
        if !path.exists() {
            std::fs::write(&path, TEMPLATE).map_err(read)?;
        }
        Self::parse(&std::fs::read_to_string(&path).map_err(read)?, &shown)
    }

    /// Parses the text of a configuration file.
    ///
    /// # Errors
    /// As [`Config::open`].
    pub(crate) fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError::Parse {
            path: path.to_owned(),
            message: error.to_string().trim().to_owned(),
        })?;
        Checker { path }.config(file)
    }
}

/// Checks ranges, so that the rest of the program need not.
struct Checker<'a> {
    path: &'a str,
}

impl Checker<'_> {
    fn range<T: ToString>(
        &self,
        key: &'static str,
        value: T,
        holds: impl Fn(&T) -> bool,
        range: &'static str,
    ) -> Result<T, ConfigError> {
        if holds(&value) {
            Ok(value)
        } else {
            Err(ConfigError::Range {
                path: self.path.to_owned(),
                key,
                value: value.to_string(),
                range,
            })
        }
    }

    fn config(&self, file: File) -> Result<Config, ConfigError> {
        let share = |x: &f64| (0.0..=1.0).contains(x);
        let at_least = |x: &f64| x.is_finite() && *x >= 0.0;
        let Findings { window_days, top, permutations, resamples, seed } = file.findings;
        let window =
            self.range("findings.window_days", window_days, at_least, "0 (everything) or more")?;
        let lists = file.lists;
        Ok(Config {
            ties: self.ties(&file.ties, &file.channels)?,
            window_days: (window > 0.0).then_some(window),
            top: self.range("findings.top", top, |n| (1..=100).contains(n), "from 1 to 100")?,
            permutations: self.range(
                "findings.permutations",
                permutations,
                |n| (100..=100_000).contains(n),
                "from 100 to 100000",
            )?,
            resamples: self.range(
                "findings.resamples",
                resamples,
                |n| *n == 0 || (20..=2000).contains(n),
                "0 (off) or from 20 to 2000",
            )?,
            seed,
            workspace: file.workspace.name,
            lists: ListRules {
                min_senders: lists.min_senders,
                min_answer_share: self.range(
                    "lists.min_answer_share",
                    lists.min_answer_share,
                    share,
                    "from 0 to 1",
                )?,
                silent_address_senders: lists.silent_address_senders,
                silent_address_messages: lists.silent_address_messages,
            },
            import_folders: self.folders(file.imports.folders)?,
            store: self.store(file.store)?,
            doors: self.doors(&file.server, file.mail, file.oidc)?,
        })
    }

    /// A configuration is copied, shown and kept in backups: no place for a password.
    fn store(&self, store: Store) -> Result<Option<StorePlace>, ConfigError> {
        let Store { url, url_file } = store;
        let wrong = |key, value, range| {
            Err(ConfigError::Range { path: self.path.to_owned(), key, value, range })
        };
        let has_file = !url_file.as_os_str().is_empty();
        if has_file && !(url.is_empty() && url_file.is_absolute()) {
            let value = url_file.display().to_string();
            let range = "the absolute path of a file, and the only one of url and url_file";
            return wrong("store.url_file", value, range);
        }
        if holds_a_password(&url) {
            let range = "without a password: put it into a file, and its path into url_file";
            return wrong("store.url", "a URL with a password".to_owned(), range);
        }
        Ok(match (has_file, url.is_empty()) {
            (true, _) => Some(StorePlace::File(url_file)),
            (false, true) => None,
            (false, false) => Some(StorePlace::Url(url)),
        })
    }

    /// A relative folder would mean another one wherever the program is started from.
    fn folders(&self, folders: Vec<PathBuf>) -> Result<Vec<PathBuf>, ConfigError> {
        match folders.iter().find(|folder| !folder.is_absolute()) {
            None => Ok(folders),
            Some(relative) => Err(ConfigError::Range {
                path: self.path.to_owned(),
                key: "imports.folders",
                value: relative.display().to_string(),
                range: "absolute paths",
            }),
        }
    }

    fn ties(
        &self,
        ties: &Ties,
        channels: &BTreeMap<String, f64>,
    ) -> Result<TieParams, ConfigError> {
        let share = |x: &f64| (0.0..=1.0).contains(x);
        let above = |x: &f64| x.is_finite() && *x > 0.0;
        let at_least = |x: &f64| x.is_finite() && *x >= 0.0;
        let groups = |n: &u32| (2..=1000).contains(n);
        let mut params = TieParams {
            half_life_days: self.range(
                "ties.half_life_days",
                ties.half_life_days,
                above,
                "above 0",
            )?,
            reciprocity_weight: self.range(
                "ties.reciprocity_weight",
                ties.reciprocity_weight,
                share,
                "from 0 to 1",
            )?,
            saturation: self.range("ties.saturation", ties.saturation, above, "above 0")?,
            max_group: self.range("ties.max_group", ties.max_group, groups, "from 2 to 1000")?,
            threshold: self.range("ties.threshold", ties.threshold, above, "above 0")?,
            ..TieParams::default()
        };
        for (name, weight) in channels {
            let Some(channel) = Channel::from_name(name) else {
                let known: Vec<&str> = Channel::ALL.iter().map(|c| c.name()).collect();
                return Err(ConfigError::Parse {
                    path: self.path.to_owned(),
                    message: format!(
                        "there is no channel '{name}'; there are {}",
                        known.join(", ")
                    ),
                });
            };
            let weight = self.range("channels", *weight, at_least, "0 or more")?;
            params.channel_weights.set(channel, weight);
        }
        Ok(params)
    }
}

/// Whether a URL says `user:password@`, or has a password among its parameters.
fn holds_a_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || parameters.to_ascii_lowercase().contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_may_be_elsewhere_but_its_password_is_not_in_the_configuration() {
        let store = |text: &str| Config::parse(&format!("[store]\n{text}"), "t.toml");
        let url = "postgres://tieline@db.example.org/tieline?sslmode=require";
        let place = store(&format!("url = '{url}'")).unwrap().store;
        assert_eq!(place, Some(StorePlace::Url(url.to_owned())));
        let place = store("url_file = '/run/secrets/store'").unwrap().store;
        assert_eq!(place, Some(StorePlace::File("/run/secrets/store".into())));
        for wrong in [
            "url = 'postgres://me:secret@db.example.org/tieline'",
            "url = 'postgres://db.example.org/tieline?user=me&password=secret'",
            "url_file = 'relative'",
            "url_file = '/a'\nurl = 'postgres://b/c'",
        ] {
            let error = store(wrong).unwrap_err().to_string();
            assert!(error.contains("store.url") && !error.contains("secret@"), "{error}");
        }
    }

    #[test]
    fn the_template_spells_out_the_defaults() {
        let written = Config::parse(TEMPLATE, "tieline.toml").unwrap();
        assert_eq!(written, Config::parse("", "tieline.toml").unwrap());
    }

    #[test]
    fn a_misspelt_value_is_named() {
        let error = Config::parse("[ties]\nhalf_live_days = 3", "t.toml").unwrap_err().to_string();
        assert!(error.contains("half_live_days"), "{error}");
        let error = Config::parse("[channels]\nfax = 3", "t.toml").unwrap_err().to_string();
        assert!(error.contains("fax") && error.contains("email"), "{error}");
    }

    #[test]
    fn values_out_of_range_say_what_they_may_be() {
        let error = Config::parse("[ties]\nmax_group = 1", "t.toml").unwrap_err().to_string();
        assert_eq!(error, "t.toml: ties.max_group is 1, but it has to be from 2 to 1000");
        assert!(Config::parse("[ties]\nhalf_life_days = nan", "t.toml").is_err());
        let error = Config::parse("[imports]\nfolders = [\"mail\"]", "t.toml").unwrap_err();
        assert_eq!(
            error.to_string(),
            "t.toml: imports.folders is mail, but it has to be absolute paths"
        );
    }
}
