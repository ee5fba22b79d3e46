//! `tieline people erase`: forgets one person.

use anyhow::{Context, Result};
use tieline_identity::traces::ERASED;
use tieline_store::Mentions;

use super::who;
use crate::output::{grouped, line, note};
use crate::pipeline::erase::erase;
use crate::workspace::Workspace;

/// Erases a person, or says what would be erased.
pub(super) fn run(workspace: &Workspace, who: &str, yes: bool) -> Result<()> {
    let row = who::person(workspace, who)?;
    let person =
        workspace.wait(workspace.store.person(row.id)).context("cannot read the person")?;
    if !yes {
        return line(format!(
            "would erase {} with {} addresses from store and lake, and keep them out of later imports; \
             this cannot be undone: say --yes",
            row.name,
            person.actor.addresses.len()
        ));
    }
    let Some(done) = erase(workspace, person.actor.anchor)? else {
        return line("there is nobody left to erase");
    };
    line(format!("erased: {} addresses, in store and lake", done.addresses))?;
    if done.texts > 0 {
        let texts = grouped(done.texts);
        line(format!("{texts} labels, file names and notes say {ERASED} where they named them"))?;
    }
    say_rest(&done.rest);
    Ok(())
}

/// What is about others is theirs: it is named and left.
fn say_rest(rest: &[Mentions]) {
    if rest.is_empty() {
        return;
    }
    let places: Vec<String> = rest
        .iter()
        .map(|place| format!("{} {} {}", grouped(place.rows), place.table, place.column))
        .collect();
    note(format!(
        "left as they are, because they are about others or mean something to the import: {}",
        places.join(", ")
    ));
}
