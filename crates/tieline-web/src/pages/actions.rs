//! What one can do from anywhere: the actions that search and palette offer, each to those for whom
//! it is there.

use tieline_model::access::Viewer;

use crate::assets::icons;

/// Something to do.
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Other words that people may type.
    words: &'static str,
    pub(crate) href: &'static str,
    pub(crate) icon: &'static str,
    /// Who may.
    open_to: fn(&Viewer) -> bool,
}

const fn action(
    name: &'static str,
    about: &'static str,
    words: &'static str,
    href: &'static str,
    icon: &'static str,
    open_to: fn(&Viewer) -> bool,
) -> Action {
    Action { name, about, words, href, icon, open_to }
}

fn anyone(_: &Viewer) -> bool {
    true
}

fn alone(viewer: &Viewer) -> bool {
    viewer.alone
}

fn someone(viewer: &Viewer) -> bool {
    viewer.actor.is_some()
}

/// All of them, the most used first.
const ACTIONS: &[Action] = &[
    action(
        "Record a contact",
        "Met, called or wrote",
        "log note promise",
        "/contacts/new",
        icons::PLUS,
        Viewer::may_read,
    ),
    action(
        "Begin a partnership",
        "A room for two or more parties",
        "new partner parties room",
        "/partnerships/new",
        icons::HANDSHAKE,
        Viewer::may_steward,
    ),
    action(
        "Strategic objectives",
        "Which partnership carries them",
        "goals aims strategy portfolio",
        "/partnerships/objectives",
        icons::COMPASS,
        Viewer::may_read,
    ),
    action(
        "What changed",
        "The network between two days",
        "changes since compare time",
        "/network/changes",
        icons::CHART_SPLINE,
        Viewer::may_read,
    ),
    action(
        "Find a path",
        "Who can introduce whom",
        "introduction introduce warm",
        "/network/path",
        icons::ROUTE,
        Viewer::sees_all_named,
    ),
    action(
        "What if someone leaves",
        "Nothing is saved",
        "without departure loses",
        "/network?try=leave#what-if",
        icons::UNLINK,
        Viewer::sees_all_named,
    ),
    action(
        "What if two people meet",
        "Nothing is saved",
        "add new tie introduce",
        "/network?try=tie#what-if",
        icons::LINK,
        Viewer::sees_all_named,
    ),
    action(
        "What if two groups were one",
        "Nothing is saved",
        "merge departments merger",
        "/network?try=merge#what-if",
        icons::GIT_MERGE,
        Viewer::may_read,
    ),
    action(
        "Network as a table",
        "Everyone in the map",
        "list people",
        "/network?view=table",
        icons::TABLE_2,
        Viewer::may_read,
    ),
    action(
        "Network, organic layout",
        "Near those who are tied",
        "map force zoom",
        "/network?layout=organic",
        icons::CHART_NETWORK,
        alone,
    ),
    action(
        "Export the map",
        "SVG",
        "picture image download save",
        "/network/export?format=svg",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        "Export the network",
        "GEXF, for Gephi and others",
        "graph download save",
        "/network/export?format=gexf",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        "Export ties",
        "CSV, for spreadsheets",
        "table download save",
        "/network/export?format=csv",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        "Findings over time",
        "New, staying and gone",
        "history insights trend",
        "/insights/history",
        icons::TRENDING_UP,
        Viewer::may_read,
    ),
    action(
        "Report without names",
        "To show to others",
        "hide print insights",
        "/insights?names=hidden",
        icons::FILE_TEXT,
        Viewer::may_read,
    ),
    action(
        "Save the report",
        "One file",
        "download export print",
        "/insights/report.html",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        "Organisations",
        "And their departments",
        "units teams",
        "/organisations",
        icons::USERS_ROUND,
        Viewer::may_read,
    ),
    action(
        "Import files",
        "Mail, calendars, contacts, tables",
        "upload sources add archive",
        "/imports",
        icons::UPLOAD,
        Viewer::may_steward,
    ),
    action(
        "Who is who",
        "People who may be one",
        "duplicates merge review identities",
        "/identities",
        icons::GIT_MERGE,
        Viewer::may_steward,
    ),
    action(
        "My own data",
        "What is held about me",
        "privacy consent erase export",
        "/me/data",
        icons::SHIELD,
        someone,
    ),
    action(
        "Tokens for programs",
        "For the interface under /api/v1",
        "api key",
        "/settings/tokens",
        icons::SETTINGS_2,
        anyone,
    ),
    action(
        "What the words mean",
        "Bridging, expected, cooling and others",
        "glossary terms help",
        "/glossary",
        icons::CIRCLE_HELP,
        anyone,
    ),
];

/// Offered before anything is typed.
const AT_FIRST: usize = 6;

/// What is offered for a text, in lower case: every word of it begins a word of the action.
pub(crate) fn offered(viewer: &Viewer, typed: &str) -> Vec<&'static Action> {
    let open = ACTIONS.iter().filter(|action| (action.open_to)(viewer));
    if typed.is_empty() {
        return open.take(AT_FIRST).collect();
    }
    let fits = |action: &&Action| {
        let all = format!("{} {}", action.name, action.words).to_lowercase();
        typed.split_whitespace().all(|word| all.split_whitespace().any(|own| own.starts_with(word)))
    };
    open.filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use tieline_model::access::Role;
    use tieline_model::id::AccountId;
    use uuid::Uuid;

    use super::*;

    fn viewer(role: Role) -> Viewer {
        Viewer {
            account: AccountId(Uuid::nil()),
            role,
            actor: None,
            alone: false,
            named_findings: false,
        }
    }

    fn names(role: Role, typed: &str) -> Vec<&'static str> {
        offered(&viewer(role), typed).into_iter().map(|action| action.name).collect()
    }

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order() {
        assert_eq!(names(Role::Member, "merg gro"), ["What if two groups were one"]);
        assert_eq!(
            names(Role::Member, "exp"),
            ["Export the map", "Export the network", "Export ties", "Save the report"]
        );
        assert!(names(Role::Member, "qqq").is_empty());
    }

    #[test]
    fn nobody_is_offered_what_is_not_there() {
        assert!(!names(Role::Member, "import").contains(&"Import files"));
        assert!(names(Role::Steward, "import").contains(&"Import files"));
        assert_eq!(names(Role::Guest, ""), ["Tokens for programs", "What the words mean"]);
        assert!(names(Role::Steward, "path").is_empty(), "named findings are off");
    }
}
