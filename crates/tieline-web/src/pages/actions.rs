//! What one can do from anywhere: the actions that search and palette offer, each to those for whom
//! it is there.

use tieline_model::access::Viewer;

use crate::assets::icons;

/// Something to do.
pub(crate) struct Action {
    pub(crate) name: fn() -> String,
    pub(crate) about: fn() -> String,
    /// Other words that people may type.
    words: fn() -> String,
    pub(crate) href: &'static str,
    pub(crate) icon: &'static str,
    /// Who may.
    open_to: fn(&Viewer) -> bool,
}

const fn action(
    name: fn() -> String,
    about: fn() -> String,
    words: fn() -> String,
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
        || t!("action-contact"),
        || t!("action-contact-about"),
        || t!("action-contact-words"),
        "/contacts/new",
        icons::PLUS,
        Viewer::may_read,
    ),
    action(
        || t!("action-partnership"),
        || t!("action-partnership-about"),
        || t!("action-partnership-words"),
        "/partnerships/new",
        icons::HANDSHAKE,
        Viewer::may_steward,
    ),
    action(
        || t!("action-aims"),
        || t!("action-aims-about"),
        || t!("action-aims-words"),
        "/partnerships/objectives",
        icons::COMPASS,
        Viewer::may_read,
    ),
    action(
        || t!("action-changes"),
        || t!("action-changes-about"),
        || t!("action-changes-words"),
        "/network/changes",
        icons::CHART_SPLINE,
        Viewer::may_read,
    ),
    action(
        || t!("action-path"),
        || t!("action-path-about"),
        || t!("action-path-words"),
        "/network/path",
        icons::ROUTE,
        Viewer::sees_all_named,
    ),
    action(
        || t!("action-leave"),
        || t!("action-leave-about"),
        || t!("action-leave-words"),
        "/network?try=leave#what-if",
        icons::UNLINK,
        Viewer::sees_all_named,
    ),
    action(
        || t!("action-tie"),
        || t!("action-tie-about"),
        || t!("action-tie-words"),
        "/network?try=tie#what-if",
        icons::LINK,
        Viewer::sees_all_named,
    ),
    action(
        || t!("action-merge"),
        || t!("action-merge-about"),
        || t!("action-merge-words"),
        "/network?try=merge#what-if",
        icons::GIT_MERGE,
        Viewer::may_read,
    ),
    action(
        || t!("action-table"),
        || t!("action-table-about"),
        || t!("action-table-words"),
        "/network?view=table",
        icons::TABLE_2,
        Viewer::may_read,
    ),
    action(
        || t!("action-organic"),
        || t!("action-organic-about"),
        || t!("action-organic-words"),
        "/network?layout=organic",
        icons::CHART_NETWORK,
        alone,
    ),
    action(
        || t!("action-map"),
        || t!("action-map-about"),
        || t!("action-map-words"),
        "/network/export?format=svg",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        || t!("action-graph"),
        || t!("action-graph-about"),
        || t!("action-graph-words"),
        "/network/export?format=gexf",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        || t!("action-ties"),
        || t!("action-ties-about"),
        || t!("action-ties-words"),
        "/network/export?format=csv",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        || t!("action-history"),
        || t!("action-history-about"),
        || t!("action-history-words"),
        "/insights/history",
        icons::TRENDING_UP,
        Viewer::may_read,
    ),
    action(
        || t!("action-hidden"),
        || t!("action-hidden-about"),
        || t!("action-hidden-words"),
        "/insights?names=hidden",
        icons::FILE_TEXT,
        Viewer::may_read,
    ),
    action(
        || t!("action-report"),
        || t!("action-report-about"),
        || t!("action-report-words"),
        "/insights/report.html",
        icons::DOWNLOAD,
        Viewer::may_read,
    ),
    action(
        || t!("action-organisations"),
        || t!("action-organisations-about"),
        || t!("action-organisations-words"),
        "/organisations",
        icons::USERS_ROUND,
        Viewer::may_read,
    ),
    action(
        || t!("action-imports"),
        || t!("action-imports-about"),
        || t!("action-imports-words"),
        "/imports",
        icons::UPLOAD,
        Viewer::may_steward,
    ),
    action(
        || t!("action-identities"),
        || t!("action-identities-about"),
        || t!("action-identities-words"),
        "/identities",
        icons::GIT_MERGE,
        Viewer::may_steward,
    ),
    action(
        || t!("action-own-data"),
        || t!("action-own-data-about"),
        || t!("action-own-data-words"),
        "/me/data",
        icons::SHIELD,
        someone,
    ),
    action(
        || t!("action-tokens"),
        || t!("action-tokens-about"),
        || t!("action-tokens-words"),
        "/settings/tokens",
        icons::SETTINGS_2,
        anyone,
    ),
    action(
        || t!("action-glossary"),
        || t!("action-glossary-about"),
        || t!("action-glossary-words"),
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
        let all = format!("{} {}", (action.name)(), (action.words)()).to_lowercase();
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

    fn names(role: Role, typed: &str) -> Vec<String> {
        offered(&viewer(role), typed).into_iter().map(|action| (action.name)()).collect()
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
        assert!(!names(Role::Member, "import").contains(&"Import files".to_owned()));
        assert!(names(Role::Steward, "import").contains(&"Import files".to_owned()));
        assert_eq!(names(Role::Guest, ""), ["Tokens for programs", "What the words mean"]);
        assert!(names(Role::Steward, "path").is_empty(), "named findings are off");
    }
}
