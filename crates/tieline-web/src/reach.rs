//! Who hears of what a verb did.

use tieline_store::{Verb, WrittenKind};

/// How far what a verb did can be seen, and what the subject of its event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// In no page that is open, but through the network that follows.
    Nobody,
    /// In pages of imports; a job.
    Jobs,
    /// In the list of imports.
    Imports,
    /// In the pairs to decide.
    Reviews,
    /// In pages of people, of whomever.
    Anyone,
    /// In pages of a person; an address.
    Person,
    /// In pages of a person; a place.
    Place,
    /// Where those may see it who may read it; what was written.
    Written(WrittenKind),
    /// In the pages of a partnership, for whoever is in its room; the partnership.
    Room,
    /// In the pages of a partnership, for whoever is in a conflict case of it; the case.
    Case,
    /// In the Today of an account; the account.
    Today,
    /// In whether sessions hold; the account.
    Account,
}

/// A flat table: how far, and the verbs that reach so far. Every verb is named: a new one fails to
/// compile until someone says who hears of it.
macro_rules! reaches {
    ($verb:ident: $($reach:expr => $($name:ident)+;)+) => {
        match $verb { $($(Verb::$name)|+ => $reach,)+ }
    };
}

impl Reach {
    /// How far what this verb did can be seen. Whether a tie exists is for both ends to show: what is
    /// said of ties reaches nobody.
    pub(crate) fn of(verb: Verb) -> Self {
        reaches! { verb:
            Reach::Jobs =>
                JobQueued JobPaused JobResumed JobStopped JobFinished;
            Reach::Imports =>
                ImportFinished ImportUndone;
            Reach::Reviews =>
                IdentitiesMerged IdentitiesSplit DecisionRemoved;
            Reach::Anyone =>
                PersonErased PersonWithdrawn BulkEdited BulkUndone FieldAdded FieldRemoved;
            Reach::Person =>
                PersonAdded NameSaid TagAdded TagRemoved FieldSet;
            Reach::Place =>
                PlaceSaid PlaceChanged PlaceRemoved PlaceRestored;
            Reach::Written(WrittenKind::Note) =>
                NoteAdded NoteChanged NoteDeleted NoteRestored;
            Reach::Written(WrittenKind::Promise) =>
                PromiseAdded PromiseKept PromiseReopened PromiseWithdrawn;
            Reach::Written(WrittenKind::Contact) =>
                ContactLogged ContactChanged ContactUndone;
            Reach::Room =>
                PartnershipAdded PartnershipChanged PartnershipRemoved PartnershipRestored
                StageSet PartyAdded PartyChanged PartyRemoved PartyRestored SeatGiven SeatChanged
                SeatEnded SeatResumed SideWritten QuestionAnswered CharterSaved CharterAnswered
                CharterCommented CommentRemoved GuestInvited GuestRenewed GuestCame GuestRevoked
                CommitmentMade CommitmentKept CommitmentWithdrawn CommitmentReopened DateAsked
                DateAgreed DateDeclined ResourceListed ResourceChanged ResourceRemoved
                ResourceRestored ResourceBooked BookingCancelled BookingReopened BookingReturned
                ThanksSaid ExpertiseSaid HelpAsked HelpGiven GiftEntered GiftAnswered
                GiftRemoved GiftRestored
                ChallengeAdded ChallengeChanged ChallengeEnded ChallengeFed ChallengeRemoved
                ChallengeRestored ChallengePointAdded ChallengePointRemoved ChallengePointRestored
                ChallengePointAnswered TrialAdded TrialEnded TrialRemoved TrialRestored
                InitiativeAdded InitiativeChanged InitiativeEnded InitiativeRemoved
                InitiativeRestored PartAdded PartRemoved PartRestored
                ContributionEntered ContributionAnswered ContributionRemoved ContributionRestored
                TaskAdded TaskChanged TaskRemoved TaskRestored
                RiskAdded RiskChanged RiskRemoved RiskRestored
                PactAdded PactChanged PactSigned
                DutiesPromised PactEnded PactRemoved PactRestored HeardWritten HeardAnswered HeardRemoved HeardRestored
                AimServed AimDropped ObjectiveAdded ObjectiveChanged
                ObjectiveRemoved ObjectiveRestored KeyResultAdded KeyResultChanged
                KeyResultRemoved KeyResultRestored CheckedIn CheckInRemoved ObjectivesLinked
                ObjectiveLinkRemoved WorkAdded WorkChanged WorkRemoved WorkRestored RoleReadBack
                JointAsked JointChanged JointSpoken JointUnsaid JointStepped BallotCast
                VotePassed ObjectionAnswered VotersReminded JointCounted OutcomeWritten
                JointReviewed StakeholderAdded StakeholderChanged StakeholderRemoved
                StakeholderRestored StakeholderPlaced StanceSaid StakeholderStepSet InfluenceSaid TopicOpened TopicRemoved TopicPosted PostRemoved
                TopicSummed TopicClosed TopicReopened;
            Reach::Case =>
                CaseRaised CaseSpoken CaseStepped;
            Reach::Today =>
                Snoozed SnoozeEnded;
            Reach::Account =>
                SessionsClosed AccountDisabled AccountChanged RoleSet;
            Reach::Nobody =>
                ImportDiscarded ClassSet ClassRemoved MappingSaved AccountAdded PasswordSet
                AccountEnabled AccountMailSet SessionOpened LinkAdded LinkUsed ViewSaved
                ViewRemoved ConsentSet FindingsKept NamedFindingsSet NetworkExported TokenAdded
                TokenRemoved UnitAdded UnitWithdrawn AimAdded AimChanged AimRemoved AimRestored
                TieSaid TieWithdrawn RhythmSet;
        }
    }
}
