//! Who may see and do what: roles in a workspace, visibility of notes, consent to show ties.
//!
//! The rules are those of the access table in the documentation; pages and API ask here and decide
//! nothing themselves.

use crate::id::{AccountId, ActorId};

/// Implements the word of each variant, both ways.
macro_rules! words {
    ($name:ident { $($variant:ident $text:literal,)+ }) => {
        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in the store, in URLs and in listings.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// From the word.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

/// What an account may do in the workspace; later ones may do all that earlier ones may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees one partnership, by link.
    Guest,
    /// Takes part.
    Member,
    /// Runs partnerships and imports.
    Steward,
    /// Owns the workspace.
    Owner,
}
words!(Role { Guest "guest", Member "member", Steward "steward", Owner "owner", });

/// Who may read a note, a logged contact or a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Visibility {
    /// Its author alone.
    #[default]
    Own,
    /// The author's side: accounts of the same organisation.
    Party,
    /// All sides of a partnership.
    Partnership,
    /// Every member of the workspace.
    Workspace,
}
words!(Visibility {
    Own "own", Party "party", Partnership "partnership", Workspace "workspace",
});

/// What a person lets others see of a tie of theirs. The less open of both ends counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TieConsent {
    /// Nothing; findings on groups still count the tie.
    #[default]
    Nothing,
    /// That the tie exists.
    Exists,
    /// That it exists, and whether it is weak, middling or strong.
    Band,
}
words!(TieConsent { Nothing "nothing", Exists "exists", Band "band", });

/// An account in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who signed in.
    pub account: AccountId,
    /// What it may do.
    pub role: Role,
    /// The person of the data that the account says it is.
    pub actor: Option<ActorId>,
    /// Whether this is the only account: then everything comes from the viewer's own archives.
    pub alone: bool,
    /// Whether the owner turned named findings on.
    pub named_findings: bool,
}

impl Viewer {
    /// Whether the viewer is this person of the data.
    pub fn is(&self, actor: ActorId) -> bool {
        self.actor == Some(actor)
    }

    /// Runs imports, merges people, reads the review queue.
    pub fn may_steward(&self) -> bool {
        self.role >= Role::Steward
    }

    /// Changes accounts and settings of the workspace.
    pub fn may_own(&self) -> bool {
        self.role == Role::Owner
    }

    /// Sees the directory, and findings on groups.
    pub fn may_read(&self) -> bool {
        self.role >= Role::Member
    }

    /// Sees who is named as a broker, as a single point of failure, or in a what-if.
    pub fn sees_named(&self, actor: ActorId) -> bool {
        self.sees_all_named() || self.is(actor)
    }

    /// As [`Viewer::sees_named`], whoever it is.
    pub fn sees_all_named(&self) -> bool {
        self.alone || (self.may_steward() && self.named_findings)
    }

    /// What the viewer sees of a tie between two people who consented to this much.
    pub fn tie(&self, a: (ActorId, TieConsent), b: (ActorId, TieConsent)) -> TieView {
        if self.alone || self.is(a.0) || self.is(b.0) {
            return TieView::Full;
        }
        if !self.may_read() {
            return TieView::Hidden;
        }
        match a.1.min(b.1) {
            TieConsent::Nothing => TieView::Hidden,
            TieConsent::Exists => TieView::Exists,
            TieConsent::Band => TieView::Band,
        }
    }

    /// Whether the viewer may read something of this visibility by this author. Sides come with
    /// partnerships; until then a party is the author alone.
    pub fn reads(&self, visibility: Visibility, author: AccountId) -> bool {
        self.account == author
            || match visibility {
                Visibility::Own | Visibility::Party | Visibility::Partnership => false,
                Visibility::Workspace => self.may_read(),
            }
    }
}

/// How much of a tie between two named people is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieView {
    /// Not that it exists.
    Hidden,
    /// That it exists.
    Exists,
    /// And how strong it is, in three bands.
    Band,
    /// Everything, down to the interactions.
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn viewer(role: Role) -> Viewer {
        Viewer {
            account: AccountId(Uuid::from_u128(1)),
            role,
            actor: Some(ActorId(Uuid::from_u128(7))),
            alone: false,
            named_findings: false,
        }
    }

    const A: ActorId = ActorId(Uuid::from_u128(8));
    const B: ActorId = ActorId(Uuid::from_u128(9));

    #[test]
    fn a_tie_of_others_shows_what_the_less_open_end_allows() {
        let member = viewer(Role::Member);
        let tie = |a, b| member.tie((A, a), (B, b));
        assert_eq!(tie(TieConsent::Nothing, TieConsent::Band), TieView::Hidden);
        assert_eq!(tie(TieConsent::Exists, TieConsent::Band), TieView::Exists);
        assert_eq!(tie(TieConsent::Band, TieConsent::Band), TieView::Band);
        let own = member.actor.unwrap_or(A);
        let seen = member.tie((own, TieConsent::Nothing), (B, TieConsent::Nothing));
        assert_eq!(seen, TieView::Full);
    }

    #[test]
    fn stewards_see_names_in_findings_only_after_the_owner_turned_them_on() {
        assert!(!viewer(Role::Steward).sees_named(A));
        assert!(Viewer { named_findings: true, ..viewer(Role::Steward) }.sees_named(A));
        assert!(!Viewer { named_findings: true, ..viewer(Role::Member) }.sees_named(A));
        assert!(Viewer { alone: true, ..viewer(Role::Owner) }.sees_named(A));
        assert!(viewer(Role::Member).sees_named(ActorId(Uuid::from_u128(7))));
    }

    #[test]
    fn guests_see_nothing_of_ties_and_own_notes_stay_own() {
        let all = (A, TieConsent::Band);
        assert_eq!(viewer(Role::Guest).tie(all, (B, TieConsent::Band)), TieView::Hidden);
        let other = AccountId(Uuid::from_u128(2));
        assert!(!viewer(Role::Owner).reads(Visibility::Own, other));
        assert!(viewer(Role::Member).reads(Visibility::Workspace, other));
    }

    #[test]
    fn words_go_both_ways() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(*role));
        }
        assert_eq!(Visibility::from_name("everyone"), None);
    }
}
