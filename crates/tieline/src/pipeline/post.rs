//! Sends letters: a thread of its own beside the one that runs other jobs, so that a link to sign in
//! does not wait for an import. What a letter says and the secret of its link are made when it is sent;
//! a letter that could not be sent is tried again, later each time, with a new link.

mod letter;

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use tieline_model::job::{Job, JobProgress, JobState, Letter};
use tieline_model::time::Moment;
use tieline_store::{Store, StoreError, StoredJob};
use tokio::runtime::Handle;

use self::letter::{Words, letter};
use crate::config::Config;
use crate::config::doors::{Mail, MailTls};
use crate::workspace::{Workspace, runtime};

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a letter stays with a postman who says nothing more: longer than the server may take.
const LEASE_MS: i64 = 120_000;

/// How long the mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pauses before a letter is tried again, minutes; after the last it failed.
const PAUSES_MIN: [i64; 5] = [1, 5, 20, 60, 240];

/// What becomes of a letter.
#[derive(Debug)]
enum Outcome {
    /// It is with the mail server, or had nowhere to go.
    Sent,
    /// It may go later.
    Later(String),
    /// It will not go.
    Never(String),
}

/// The mail server, ready to be spoken to, and who the mail is from.
pub(crate) struct Mailer {
    smtp: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// The mail server of the configuration; its password is read now.
    ///
    /// # Errors
    /// When the password or the system's certificates cannot be read.
    pub(crate) fn new(mail: &Mail) -> Result<Self> {
        let parameters =
            || TlsParameters::new(mail.host.clone()).context("cannot use TLS for mail");
        let tls = match mail.tls {
            MailTls::Starttls => Tls::Required(parameters()?),
            MailTls::Tls => Tls::Wrapper(parameters()?),
            MailTls::None => Tls::None,
        };
        let mut smtp = SmtpTransport::builder_dangerous(&mail.host)
            .port(mail.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if !mail.user.is_empty() {
            let password = mail.password.read()?.unwrap_or_default();
            smtp = smtp.credentials(Credentials::new(mail.user.clone(), password));
        }
        let from = mail.from.parse().context("mail.from is no mail address")?;
        Ok(Self { smtp: smtp.build(), from })
    }

    /// Hands a letter to the mail server. `id` is the same for each try, so that a letter sent twice
    /// is known to be one.
    fn send(&self, words: &Words, id: &str) -> Outcome {
        let message = match self.message(words, id) {
            Ok(message) => message,
            Err(error) => return Outcome::Never(format!("no letter can be made: {error:#}")),
        };
        match self.smtp.send(&message) {
            Ok(_) => Outcome::Sent,
            Err(error) if error.is_permanent() => {
                Outcome::Never(format!("the mail server refused: {}", plainly(&error, words)))
            }
            Err(error) => {
                let why = plainly(&error, words);
                Outcome::Later(format!("the mail server did not take it: {why}"))
            }
        }
    }

    fn message(&self, words: &Words, id: &str) -> Result<Message> {
        let to = words.to.parse().context("the address is none")?;
        let host = self.from.email.domain();
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject.clone())
            .message_id(Some(format!("<{id}@{host}>")))
            .date_now()
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(words.body.clone())
            .context("a header cannot be written")
    }
}

/// What the mail server said; the address of whoever the letter is for is taken out, since this is
/// kept and logged.
fn plainly(error: &lettre::transport::smtp::Error, words: &Words) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text.replace(&words.to, "the address")
}

/// Sends a letter that says that mail works.
///
/// # Errors
/// What the mail server says.
pub(crate) fn test(config: &Config, to: &str) -> Result<()> {
    let mail = config
        .doors
        .mail
        .as_ref()
        .context("no mail server is set: fill in [mail] of tieline.toml")?;
    let words = Words {
        to: to.to_owned(),
        subject: format!("{}: mail works", config.workspace),
        body: "This is a test of Tieline. Links to sign in can be sent by mail.\n".to_owned(),
    };
    let id = format!("test-{}", uuid::Uuid::new_v4());
    match Mailer::new(mail)?.send(&words, &id) {
        Outcome::Sent => Ok(()),
        Outcome::Later(why) | Outcome::Never(why) => {
            anyhow::bail!(
                "{why}; look at [mail] in tieline.toml: host, port, tls, user and password"
            )
        }
    }
}

/// The thread.
pub(crate) struct Postman {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Postman {
    /// Starts it on a data folder; `None` where no mail server is set.
    ///
    /// # Errors
    /// When the store cannot be opened, or mail cannot be set up.
    pub(crate) fn start(data: &Path) -> Result<Option<Self>> {
        let config = Config::open(data)?;
        let Some(mail) = &config.doors.mail else { return Ok(None) };
        let mailer = Mailer::new(mail)?;
        let runtime = runtime()?;
        let store = runtime.block_on(Workspace::open_store(data))?;
        let round = Round {
            handle: runtime.handle().clone(),
            name: uuid::Uuid::new_v4().to_string(),
            url: config.doors.url.clone().unwrap_or_default(),
            workspace: config.workspace,
            mailer,
            store,
        };
        let (stop, stopped) = channel::<()>();
        let thread = thread::Builder::new().name("post".to_owned()).spawn(move || {
            let _runtime = runtime;
            loop {
                round.go();
                match stopped.recv_timeout(LOOK_EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Ok(Some(Self { stop, thread: thread.context("cannot start a thread")? }))
    }

    /// Ends it after the letter in hand.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that sends letters had died");
        }
    }
}

/// What the postman has along.
struct Round {
    handle: Handle,
    /// Its name among workers.
    name: String,
    /// Where links begin.
    url: String,
    workspace: String,
    mailer: Mailer,
    store: Store,
}

fn now() -> Moment {
    Moment::from_ms(jiff::Timestamp::now().as_millisecond())
}

impl Round {
    /// Sends what waits.
    fn go(&self) {
        loop {
            match self.next(now()) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return tracing::warn!("letters cannot be sent: {error:#}"),
            }
        }
    }

    /// Sends the letter that waits longest; whether there was one.
    fn next(&self, now: Moment) -> Result<bool> {
        let claimed = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            let job = tx.claim_letter(&self.name, now, LEASE_MS).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(job)
        });
        let Some(job) = claimed.context("cannot look for letters")? else { return Ok(false) };
        let outcome = match &job.job {
            // Someone does not want it any more.
            _ if job.state == JobState::Stopping => Outcome::Sent,
            Job::Mail { letter } => self.deliver(&job, letter),
            _ => Outcome::Never("this is no letter".to_owned()),
        };
        self.note(&job, &outcome, now).context("cannot say what became of a letter")?;
        Ok(true)
    }

    fn deliver(&self, job: &StoredJob, which: &Letter) -> Outcome {
        let made = self.handle.block_on(letter(&self.store, &self.workspace, &self.url, which));
        match made {
            Ok(Some(words)) => self.mailer.send(&words, &job.id.to_string()),
            // Nobody has the address that was typed, or whoever had it is gone.
            Ok(None) => Outcome::Sent,
            Err(error) => Outcome::Later(format!("{error:#}")),
        }
    }

    fn note(&self, job: &StoredJob, outcome: &Outcome, now: Moment) -> Result<(), StoreError> {
        let tries = usize::try_from(job.attempts).unwrap_or(usize::MAX).saturating_sub(1);
        let ended = match (outcome, PAUSES_MIN.get(tries)) {
            (Outcome::Sent, _) => Ok(None),
            (Outcome::Later(why), Some(minutes)) => {
                tracing::warn!("a letter is tried again in {minutes} minutes: {why}");
                return self.later(job, now, *minutes, why);
            }
            (Outcome::Later(why) | Outcome::Never(why), _) => {
                tracing::warn!("a letter was given up: {why}");
                Err(format!(
                    "{why}. Look at [mail] in tieline.toml, try `tieline mail test`, and ask for the \
                     link again"
                ))
            }
        };
        let noted = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            let ended = ended.as_ref().map(|none| *none).map_err(String::as_str);
            tx.finish_job(job.id, &self.name, ended).await?;
            tx.commit().await
        });
        lost_is_fine(noted)
    }

    /// Keeps the letter for the pause: then anyone may take it.
    fn later(
        &self,
        job: &StoredJob,
        now: Moment,
        minutes: i64,
        why: &str,
    ) -> Result<(), StoreError> {
        let stage = format!("Tried again within {minutes} min: {why}");
        let progress = JobProgress { stage, ..job.progress.clone() };
        let noted = self.handle.block_on(async {
            let tx = self.store.begin().await?;
            tx.renew(job.id, &self.name, now, minutes * 60_000, &progress).await?;
            tx.commit().await
        });
        lost_is_fine(noted)
    }
}

/// Another postman has it meanwhile, or someone stopped it.
fn lost_is_fine(noted: Result<(), StoreError>) -> Result<(), StoreError> {
    match noted {
        Err(StoreError::Conflict(_)) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests;
