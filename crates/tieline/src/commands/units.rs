//! `tieline units`: organisations and departments.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde_json::json;
use tieline_insight::{Grouping, Names, View};
use tieline_model::id::UnitId;

use crate::cli::UnitsArgs;
use crate::output::Listing;
use crate::pipeline::network::{Looked, find_unit, look, organisation_of, units_inside};
use crate::workspace::Workspace;

/// Groups smaller than this show no figures of their ties (METHODS 14.2).
const SMALLEST: u64 = 5;

/// Lists units with people, coverage and orientation.
pub(super) fn run(workspace: &Workspace, args: &UnitsArgs) -> Result<()> {
    let looked = look(workspace, &args.scope)?;
    let mut rows =
        workspace.wait(workspace.store.units(looked.as_of)).context("cannot list the units")?;
    // Each organisation with its departments below it.
    rows.sort_by_cached_key(|row| {
        let top = organisation_of(&looked.units, row.unit.id);
        let top = top.and_then(|id| looked.units.get(&id)).map(|unit| unit.name.to_lowercase());
        (top, row.unit.parent.is_some(), row.unit.name.to_lowercase(), row.unit.id)
    });
    let mut listing = Listing::new(
        &[
            ("id", ""),
            ("name", "Unit"),
            ("kind", "Kind"),
            ("parent", "Part of"),
            ("people", "People"),
            ("coverage", "Seen"),
            ("inside", "Ties inside"),
            ("outside", "Ties outside"),
            ("ei", "E-I index"),
            ("domains", ""),
        ],
        "no units are known: import a directory, or contacts with organisations",
    );
    listing.heading.push(looked.heading());
    let inside = match &args.scope.unit {
        Some(text) => Some(units_inside(&looked.units, find_unit(&looked.units, text)?)),
        None => None,
    };
    let figures = figures(&looked);
    for row in rows {
        if inside.as_ref().is_some_and(|inside| !inside.contains(&row.unit.id)) {
            continue;
        }
        let shown = figures.get(&row.unit.id).filter(|_| row.n_people >= SMALLEST);
        let parent = row.unit.parent.and_then(|parent| looked.units.get(&parent));
        listing.row(vec![
            json!(row.unit.id.to_string()),
            json!(row.unit.name),
            json!(row.unit.kind.name()),
            json!(parent.map(|unit| unit.name.clone())),
            json!(row.n_people),
            json!(shown.and_then(|row| row.coverage)),
            json!(shown.map(|row| row.inside)),
            json!(shown.map(|row| row.outside)),
            json!(shown.and_then(|row| row.ei)),
            json!(row.unit.domains),
        ]);
    }
    listing.notes.push(
        "seen: share of the people a directory lists who had contact; E-I: -1 all ties inside, 1 all outside; \
         units under five people show no figures"
            .to_owned(),
    );
    listing.print(args.format)
}

struct Figures {
    coverage: Option<f64>,
    inside: usize,
    outside: usize,
    ei: Option<f64>,
}

/// Figures of organisations and of departments right below them.
fn figures(looked: &Looked) -> HashMap<UnitId, Figures> {
    let mut found = HashMap::new();
    for level in [Grouping::Organisation, Grouping::Department] {
        let view = View::new(&looked.network, Some(level), Names::Hidden);
        let labels = view.groups().labels();
        let groups = view.groups().groups();
        let mut sums = vec![(0_usize, 0_usize); groups.len()];
        for pair in looked.network.ties() {
            let label = |node: u32| labels.get(node as usize).copied().flatten();
            let (a, b) = (label(pair.a), label(pair.b));
            for end in [a, b].into_iter().flatten() {
                let Some(sum) = sums.get_mut(end as usize) else { continue };
                if a == b { sum.0 += 1 } else { sum.1 += 1 }
            }
        }
        for (group, (twice_inside, outside)) in groups.iter().zip(sums) {
            let Some(unit) = group.unit else { continue };
            let inside = twice_inside / 2;
            let total = inside + outside;
            found.entry(unit).or_insert(Figures {
                coverage: group.coverage(),
                inside,
                outside,
                ei: (total > 0).then(|| (outside as f64 - inside as f64) / total as f64),
            });
        }
    }
    found
}
