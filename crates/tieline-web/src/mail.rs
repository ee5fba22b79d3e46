//! What letters say, in the language of who gets them: they are written when nobody asks.

use tieline_model::time::Moment;
use tieline_store::Account;

use crate::here;

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// The link that signs someone in, asked for by themselves.
pub fn sign_in(to: &Account, workspace: &str, link: &str) -> Words {
    here::told(to, || Words {
        subject: t!("mail-sign-in-subject", workspace = workspace),
        body: ended(&t!("mail-sign-in", workspace = workspace, link = link)),
    })
}

/// The first link of a new account.
pub fn invitation(to: &Account, workspace: &str, link: &str) -> Words {
    here::told(to, || Words {
        subject: t!("mail-invitation-subject", workspace = workspace),
        body: ended(&t!("mail-invitation", workspace = workspace, link = link, name = to.name)),
    })
}

/// The link to what is held on someone. Who gets it need not have an account: it is in the language
/// of who had it sent.
pub fn own_data(by: &Account, workspace: &str, link: &str) -> Words {
    here::told(by, || Words {
        subject: t!("mail-own-data-subject", workspace = workspace),
        body: ended(&t!("mail-own-data", workspace = workspace, link = link)),
    })
}

/// That the vote of an account is asked for. `until`: until when ballots are taken.
pub fn vote(to: &Account, question: &str, until: Option<Moment>, link: &str) -> Words {
    here::told(to, || {
        let text = match until {
            Some(at) => {
                t!("mail-vote-until", question = question, link = link, at = here::moment(at))
            }
            None => t!("mail-vote", question = question, link = link),
        };
        Words { subject: t!("mail-vote-subject"), body: ended(&text) }
    })
}

/// The link of a seat at a partnership. Who gets it has no account: it is in the language of who had
/// it sent.
pub fn guest(by: &Account, room: &str, link: &str) -> Words {
    here::told(by, || Words {
        subject: t!("mail-guest-subject", room = room),
        body: ended(&t!("mail-guest", room = room, who = by.name, link = link)),
    })
}

fn ended(text: &str) -> String {
    format!("{text}\n")
}
