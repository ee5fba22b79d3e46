//! Finding a person by what someone types.

use anyhow::{Context, Result, bail};
use tieline_model::address::Address;
use tieline_model::id::AddressId;
use tieline_store::PersonRow;

use crate::workspace::Workspace;

/// The one person that the text names: by id, address or name.
///
/// # Errors
/// When it names nobody or several people; says whom.
pub(super) fn person(workspace: &Workspace, text: &str) -> Result<PersonRow> {
    let mut found = workspace
        .wait(workspace.store.find_people(text, 9))
        .with_context(|| format!("cannot look for '{text}'"))?;
    match found.len() {
        0 => bail!(
            "nobody is called '{text}', and no address is; `tieline people --search {text}` looks for parts"
        ),
        1 => Ok(found.remove(0)),
        _ => {
            let shown: Vec<String> =
                found.iter().take(8).map(|row| format!("{} <{}>", row.name, row.address)).collect();
            bail!("'{text}' could be {}; say which by address", shown.join(", "))
        }
    }
}

/// The address that the text names: an address itself, or the first one of a person.
///
/// # Errors
/// When nothing is called so.
pub(super) fn address(workspace: &Workspace, text: &str) -> Result<AddressId> {
    if let Some(address) = Address::mail(text)
        && workspace.wait(workspace.store.address(address.id()))?.is_some()
    {
        return Ok(address.id());
    }
    let row = person(workspace, text)?;
    Ok(workspace.wait(workspace.store.person(row.id))?.actor.anchor)
}
