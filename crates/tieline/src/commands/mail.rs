//! `tieline mail test`: whether the mail server takes a letter.

use std::path::Path;

use anyhow::{Result, bail};
use tieline_model::address::Address;

use crate::config::Config;
use crate::output::line;
use crate::pipeline::post;
use crate::workspace::data_folder;

/// Sends one letter, now, and says what the mail server said.
pub(super) fn test(data: Option<&Path>, address: &str) -> Result<()> {
    let Ok(to) = Address::email(address) else { bail!("'{address}' is no mail address") };
    post::test(&Config::open(&data_folder(data)?)?, to.text())?;
    line(format!("sent: look into the mailbox of {}", to.text()))
}
