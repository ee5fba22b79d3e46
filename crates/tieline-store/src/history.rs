//! What was done to the store, one event per verb.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, QuerySelect};
use tieline_model::id::{AccountId, SeatId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity;
use crate::error::StoreError;
use crate::store::{Store, Tx, rows, to_i64, word};

macro_rules! verbs {
    ($($(#[$doc:meta])* $variant:ident $text:literal,)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Verb { $($(#[$doc])* $variant,)+ }

        impl Verb {
            /// All of them, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in the store and in listings.
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

verbs! {
    /// An import was completed; subject: its id.
    ImportFinished "import-finished",
    /// An unfinished import was thrown away; subject: its id.
    ImportDiscarded "import-discarded",
    /// A finished import was taken back; subject: its id.
    ImportUndone "import-undone",
    /// A person said that two addresses are one actor; subject: both ids.
    IdentitiesMerged "identities-merged",
    /// A person said that they are two; subject: both ids.
    IdentitiesSplit "identities-split",
    /// Such a word was taken back; subject: both ids.
    DecisionRemoved "decision-removed",
    /// A person said what an address stands for; subject: its id.
    ClassSet "address-class-set",
    /// Such a word was taken back; subject: its id.
    ClassRemoved "address-class-removed",
    /// A person was erased; no subject, for nothing may point to who it was.
    PersonErased "person-erased",
    /// A column mapping was saved; subject: its name.
    MappingSaved "mapping-saved",
    /// An account was made; subject: its id, detail: its role.
    AccountAdded "account-added",
    /// Its name, login, person, time zone, locale or theme changed; subject: its id.
    AccountChanged "account-changed",
    /// Where its mail goes was set or taken away; subject: its id.
    AccountMailSet "account-mail-set",
    /// Its password was set; subject: its id.
    PasswordSet "password-set",
    /// Its role was set; subject: its id, detail: the role.
    RoleSet "role-set",
    /// It may no longer sign in; subject: its id.
    AccountDisabled "account-disabled",
    /// It may sign in again; subject: its id.
    AccountEnabled "account-enabled",
    /// Someone signed in; subject: id of the account.
    SessionOpened "session-opened",
    /// Someone signed out; subject: id of the account, detail: how many sessions ended.
    SessionsClosed "sessions-closed",
    /// A link that works once was made; detail: its purpose.
    LinkAdded "link-added",
    /// Such a link was used; detail: its purpose.
    LinkUsed "link-used",
    /// A job was asked for; subject: its id, detail: its kind.
    JobQueued "job-queued",
    /// Someone asked a job to stand still; subject: its id.
    JobPaused "job-paused",
    /// Someone asked a job to go on; subject: its id.
    JobResumed "job-resumed",
    /// Someone asked a job to stop; subject: its id.
    JobStopped "job-stopped",
    /// A job is over; subject: its id, detail: its last state.
    JobFinished "job-finished",
    /// A contact was logged; subject: its id.
    ContactLogged "contact-logged",
    /// A logged contact was changed; subject: its id.
    ContactChanged "contact-changed",
    /// A logged contact was taken back; subject: its id.
    ContactUndone "contact-undone",
    /// A promise was written down; subject: its id.
    PromiseAdded "promise-added",
    /// A promise was kept; subject: its id.
    PromiseKept "promise-kept",
    /// A kept promise is open again; subject: its id.
    PromiseReopened "promise-reopened",
    /// A promise was taken back; subject: its id.
    PromiseWithdrawn "promise-withdrawn",
    /// A note was written; subject: its id.
    NoteAdded "note-added",
    /// A note was changed; subject: its id.
    NoteChanged "note-changed",
    /// A note was deleted; subject: its id.
    NoteDeleted "note-deleted",
    /// A deleted note stands again; subject: its id.
    NoteRestored "note-restored",
    /// A tag was given; subject: id of the address.
    TagAdded "tag-added",
    /// A tag was taken away; subject: id of the address.
    TagRemoved "tag-removed",
    /// A custom field was made; subject: its id.
    FieldAdded "field-added",
    /// A custom field was removed with its values; subject: its id.
    FieldRemoved "field-removed",
    /// The value of a custom field was set or cleared; subject: id of the address.
    FieldSet "field-set",
    /// A view was saved; subject: its id.
    ViewSaved "view-saved",
    /// A saved view was removed; subject: its id.
    ViewRemoved "view-removed",
    /// A person put something off; subject: id of the account.
    Snoozed "snoozed",
    /// What a person lets others see was set; subject: id of the address, detail: what.
    ConsentSet "consent-set",
    /// Findings were kept; detail: how many.
    FindingsKept "findings-kept",
    /// The owner turned named findings on or off; subject: id of the account, detail: on or off.
    NamedFindingsSet "named-findings-set",
    /// The network was taken away as a file; subject: id of the account, detail: the form.
    NetworkExported "network-exported",
    /// A token for a program was made; subject: id of the account, detail: its scopes.
    TokenAdded "token-added",
    /// Such a token was taken back; subject: id of the account.
    TokenRemoved "token-removed",
    /// A person or organisation was added by hand; subject: id of the address.
    PersonAdded "person-added",
    /// That was taken back; subject: id of the address.
    PersonWithdrawn "person-withdrawn",
    /// The name of a person or organisation was said; subject: id of the address.
    NameSaid "name-said",
    /// An organisation or a part of one was added by hand; subject: its id.
    UnitAdded "unit-added",
    /// That was taken back; subject: its id.
    UnitWithdrawn "unit-withdrawn",
    /// Where someone works was said; subject: its id.
    PlaceSaid "place-said",
    /// That was changed; subject: its id.
    PlaceChanged "place-changed",
    /// That was taken back; subject: its id.
    PlaceRemoved "place-removed",
    /// It stands again; subject: its id.
    PlaceRestored "place-restored",
    /// Someone said that two people work together; subject: both addresses.
    TieSaid "tie-said",
    /// That was taken back; subject: both addresses.
    TieWithdrawn "tie-withdrawn",
    /// How often an account wants to be in touch was set; subject: id of the address.
    RhythmSet "rhythm-set",
    /// Many people were changed at once; subject: its id, detail: what, and how many.
    BulkEdited "bulk-edited",
    /// That was taken back; subject: its id.
    BulkUndone "bulk-undone",
    /// What was put off shows again; subject: id of the account.
    SnoozeEnded "snooze-ended",
    /// A partnership was begun; subject: its id.
    PartnershipAdded "partnership-added",
    /// Its name, purpose or days changed; subject: its id.
    PartnershipChanged "partnership-changed",
    /// It was taken back; subject: its id.
    PartnershipRemoved "partnership-removed",
    /// It stands again; subject: its id.
    PartnershipRestored "partnership-restored",
    /// It came to another stage; subject: its id, detail: the stage.
    StageSet "stage-set",
    /// A party came; subject: the partnership, detail: the party.
    PartyAdded "party-added",
    /// A party calls itself otherwise; subject: the partnership, detail: the party.
    PartyChanged "party-changed",
    /// A party left; subject: the partnership, detail: the party.
    PartyRemoved "party-removed",
    /// A party takes part again; subject: the partnership, detail: the party.
    PartyRestored "party-restored",
    /// A person took a seat; subject: the partnership, detail: the party.
    SeatGiven "seat-given",
    /// What someone does for their party changed; subject: the partnership, detail: the party.
    SeatChanged "seat-changed",
    /// A person left; subject: the partnership, detail: the party.
    SeatEnded "seat-ended",
    /// A person sits there again; subject: the partnership, detail: the party.
    SeatResumed "seat-resumed",
    /// A party wrote what it gains and gives; subject: the partnership, detail: the party.
    SideWritten "side-written",
    /// A question of a stage was answered; subject: the partnership, detail: the question.
    QuestionAnswered "question-answered",
    /// A version of a charter was saved; subject: the partnership, detail: its number.
    CharterSaved "charter-saved",
    /// A party answered a version of a charter; subject: the partnership, detail: the party.
    CharterAnswered "charter-answered",
    /// A charter was commented on; subject: the partnership, detail: number of the version.
    CharterCommented "charter-commented",
    /// A comment was taken back, or stands again; subject: the partnership.
    CommentRemoved "comment-removed",
    /// A link for a guest was made; subject: the partnership.
    GuestInvited "guest-invited",
    /// The link or the sessions of a guest got more days; subject: the partnership.
    GuestRenewed "guest-renewed",
    /// A guest came by link; subject: the partnership.
    GuestCame "guest-came",
    /// The link and sessions of a guest were ended; subject: the partnership.
    GuestRevoked "guest-revoked",
    /// A party promised something; subject: the partnership, detail: the commitment, as in the rest.
    CommitmentMade "commitment-made",
    /// It was kept.
    CommitmentKept "commitment-kept",
    /// It was taken back.
    CommitmentWithdrawn "commitment-withdrawn",
    /// It is open again.
    CommitmentReopened "commitment-reopened",
    /// One side asked for another date.
    DateAsked "date-asked",
    /// The other side agreed; detail: the commitment that took its place.
    DateAgreed "date-agreed",
    /// The other side did not.
    DateDeclined "date-declined",
    /// A party offers something, or needs it; subject: the partnership, detail: its id, as in the rest.
    ResourceListed "resource-listed",
    /// What is said of it changed.
    ResourceChanged "resource-changed",
    /// It was taken back.
    ResourceRemoved "resource-removed",
    /// It stands again.
    ResourceRestored "resource-restored",
    /// A party has something for a time; detail: the booking, as in the next four.
    ResourceBooked "resource-booked",
    /// It was cancelled.
    BookingCancelled "booking-cancelled",
    /// It stands again.
    BookingReopened "booking-reopened",
    /// What was booked was given back.
    BookingReturned "booking-returned",
    /// The party that had it thanked for it.
    ThanksSaid "thanks-said",
    /// Someone said what they can help with; detail: their seat.
    ExpertiseSaid "expertise-said",
    /// Someone asked a person who can help; detail: the question.
    HelpAsked "help-asked",
    /// That was answered; detail: the question.
    HelpGiven "help-given",
    /// A party wrote down what it gave; detail: its id, as in the rest.
    GiftEntered "gift-entered",
    /// The party that received it confirmed or questioned it.
    GiftAnswered "gift-answered",
    /// It was taken back.
    GiftRemoved "gift-removed",
    /// It stands again.
    GiftRestored "gift-restored",
    /// A joint initiative was written down; detail: its id, as in the rest of them.
    InitiativeAdded "initiative-added",
    /// It was changed.
    InitiativeChanged "initiative-changed",
    /// It was ended, or goes on again.
    InitiativeEnded "initiative-ended",
    /// It was taken back.
    InitiativeRemoved "initiative-removed",
    /// It stands again.
    InitiativeRestored "initiative-restored",
    /// A party said what it brings to one.
    PartAdded "part-added",
    /// It took that back.
    PartRemoved "part-removed",
    /// It stands again.
    PartRestored "part-restored",
    /// A party gave something of its part.
    ContributionEntered "contribution-entered",
    /// Another party confirmed or questioned that.
    ContributionAnswered "contribution-answered",
    /// It was taken back.
    ContributionRemoved "contribution-removed",
    /// It stands again.
    ContributionRestored "contribution-restored",
    /// A task or a milestone was written down.
    TaskAdded "task-added",
    /// It was changed, begun, done or opened again.
    TaskChanged "task-changed",
    /// It was taken out.
    TaskRemoved "task-removed",
    /// It stands again.
    TaskRestored "task-restored",
    /// A risk was written down.
    RiskAdded "risk-added",
    /// It was changed.
    RiskChanged "risk-changed",
    /// It was taken out.
    RiskRemoved "risk-removed",
    /// It stands again.
    RiskRestored "risk-restored",
    /// A challenge was written down; detail: its id, as in the rest of them.
    ChallengeAdded "challenge-added",
    /// It was changed.
    ChallengeChanged "challenge-changed",
    /// It was ended, or is worked on again.
    ChallengeEnded "challenge-ended",
    /// A decision or an initiative came of it.
    ChallengeFed "challenge-fed",
    /// It was taken back.
    ChallengeRemoved "challenge-removed",
    /// It stands again.
    ChallengeRestored "challenge-restored",
    /// A party said what it sees, why, or what could be done.
    ChallengePointAdded "challenge-point-added",
    /// It took that back.
    ChallengePointRemoved "challenge-point-removed",
    /// It stands again.
    ChallengePointRestored "challenge-point-restored",
    /// Another party sees it too, or doubts it.
    ChallengePointAnswered "challenge-point-answered",
    /// Something is tried.
    TrialAdded "trial-added",
    /// Someone said what it showed.
    TrialEnded "trial-ended",
    /// It was taken out.
    TrialRemoved "trial-removed",
    /// It stands again.
    TrialRestored "trial-restored",
    /// An agreement was written down; detail: its id, as in the rest.
    PactAdded "pact-added",
    /// Its wording or its duties changed: each party signs again.
    PactChanged "pact-changed",
    /// A party signed it.
    PactSigned "pact-signed",
    /// Its duties became commitments.
    DutiesPromised "duties-promised",
    /// It was ended.
    PactEnded "pact-ended",
    /// It was taken back.
    PactRemoved "pact-removed",
    /// It stands again.
    PactRestored "pact-restored",
    /// Something that was said was written down; detail: its id, as in the next three.
    HeardWritten "heard-written",
    /// It was answered, or the answer changed.
    HeardAnswered "heard-answered",
    /// It was taken back.
    HeardRemoved "heard-removed",
    /// It stands again.
    HeardRestored "heard-restored",
    /// A stakeholder was written down; subject: the partnership or unit, detail: its id.
    StakeholderAdded "stakeholder-added",
    /// What is said of one changed; subject: the partnership or unit, detail: its id.
    StakeholderChanged "stakeholder-changed",
    /// One was taken back; subject: the partnership or unit, detail: its id.
    StakeholderRemoved "stakeholder-removed",
    /// One stands again; subject: the partnership or unit, detail: its id.
    StakeholderRestored "stakeholder-restored",
    /// Someone placed one, or took that back; subject: the partnership or unit.
    StakeholderPlaced "stakeholder-placed",
    /// How one stands was said; subject: the partnership or unit, detail: its id.
    StanceSaid "stance-said",
    /// A step towards one was written, done or taken back; subject: the partnership or unit.
    StakeholderStepSet "stakeholder-step-set",
    /// Who sways whom was said; subject: the partnership or unit.
    InfluenceSaid "influence-said",
    /// An aim of a unit was written down; subject: its id.
    AimAdded "aim-added",
    /// It was changed; subject: its id.
    AimChanged "aim-changed",
    /// It was taken back; subject: its id.
    AimRemoved "aim-removed",
    /// It stands again; subject: its id.
    AimRestored "aim-restored",
    /// A partnership serves an aim; subject: the partnership, detail: the aim.
    AimServed "aim-served",
    /// It does not any more; subject: the partnership, detail: the aim.
    AimDropped "aim-dropped",
    /// An objective was written down; subject: the partnership, detail: its id.
    ObjectiveAdded "objective-added",
    /// It was changed; subject: the partnership, detail: its id.
    ObjectiveChanged "objective-changed",
    /// It was taken back; subject: the partnership, detail: its id.
    ObjectiveRemoved "objective-removed",
    /// It stands again; subject: the partnership, detail: its id.
    ObjectiveRestored "objective-restored",
    /// A key result came; subject: the partnership, detail: its id.
    KeyResultAdded "key-result-added",
    /// It was changed; subject: the partnership, detail: its id.
    KeyResultChanged "key-result-changed",
    /// It was taken back; subject: the partnership, detail: its id.
    KeyResultRemoved "key-result-removed",
    /// It stands again; subject: the partnership, detail: its id.
    KeyResultRestored "key-result-restored",
    /// Someone said where a key result stands; subject: the partnership, detail: the key result.
    CheckedIn "checked-in",
    /// That was taken back, or stands again; subject: the partnership, detail: the key result.
    CheckInRemoved "check-in-removed",
    /// Someone said how two objectives bear on each other; subject: the partnership, detail: the link.
    ObjectivesLinked "objectives-linked",
    /// That was taken back, or stands again; subject: the partnership, detail: the link.
    ObjectiveLinkRemoved "objective-link-removed",
    /// A piece of work was written down; subject: the partnership, detail: its id.
    WorkAdded "work-added",
    /// It was changed, or its roles; subject: the partnership, detail: its id.
    WorkChanged "work-changed",
    /// It was taken back; subject: the partnership, detail: its id.
    WorkRemoved "work-removed",
    /// It stands again; subject: the partnership, detail: its id.
    WorkRestored "work-restored",
    /// Someone read a role back; subject: the partnership, detail: the piece of work.
    RoleReadBack "role-read-back",
    /// A partnership asks a question; subject: the partnership, detail: the decision.
    JointAsked "joint-decision-asked",
    /// Its words, options or rules changed; subject: the partnership, detail: the decision.
    JointChanged "joint-decision-changed",
    /// Someone spoke to it; subject: the partnership, detail: the decision.
    JointSpoken "joint-decision-spoken",
    /// What someone said was taken back, or stands again; subject: the partnership, detail: the
    /// decision.
    JointUnsaid "joint-decision-unsaid",
    /// It came to another stage; subject: the partnership, detail: the decision and the stage.
    JointStepped "joint-decision-stepped",
    /// A ballot that is not anonymous was cast; subject: the partnership, detail: the decision.
    BallotCast "ballot-cast",
    /// A vote was passed on, or taken back; subject: the partnership, detail: the decision.
    VotePassed "vote-passed",
    /// An objection was answered; subject: the partnership, detail: the decision.
    ObjectionAnswered "objection-answered",
    /// Those who had not voted were reminded; subject: the partnership, detail: the decision.
    VotersReminded "voters-reminded",
    /// A poll was counted; subject: the partnership, detail: the decision and the verdict.
    JointCounted "joint-decision-counted",
    /// An outcome was written up; subject: the partnership, detail: the decision.
    OutcomeWritten "outcome-written",
    /// An outcome was looked at again; subject: the partnership, detail: the decision.
    JointReviewed "joint-decision-reviewed",
    /// A conflict case was raised; subject: the case.
    CaseRaised "conflict-raised",
    /// Something was said in a conflict case; subject: the case.
    CaseSpoken "conflict-spoken",
    /// A conflict case went to another stage; subject: the case.
    CaseStepped "conflict-stepped",
    /// A topic was opened; subject: the partnership, detail: the topic, as in the rest.
    TopicOpened "topic-opened",
    /// It was taken back, or stands again.
    TopicRemoved "topic-removed",
    /// Someone said something in it, or asked others to.
    TopicPosted "topic-posted",
    /// That was taken back, or stands again.
    PostRemoved "topic-post-removed",
    /// It was summed up.
    TopicSummed "topic-summed",
    /// It was closed.
    TopicClosed "topic-closed",
    /// It is open again.
    TopicReopened "topic-reopened",
}

impl Verb {
    /// Whether it is the affair of whoever is in the room of a partnership; subject: its id.
    pub const fn is_of_room(self) -> bool {
        matches!(
            self,
            Self::PartnershipAdded
                | Self::PartnershipChanged
                | Self::PartnershipRemoved
                | Self::PartnershipRestored
                | Self::StageSet
                | Self::PartyAdded
                | Self::PartyChanged
                | Self::PartyRemoved
                | Self::PartyRestored
                | Self::SeatGiven
                | Self::SeatChanged
                | Self::SeatEnded
                | Self::SeatResumed
                | Self::SideWritten
                | Self::QuestionAnswered
                | Self::CharterSaved
                | Self::CharterAnswered
                | Self::CharterCommented
                | Self::CommentRemoved
                | Self::GuestInvited
                | Self::GuestRenewed
                | Self::GuestCame
                | Self::GuestRevoked
                | Self::CommitmentMade
                | Self::CommitmentKept
                | Self::CommitmentWithdrawn
                | Self::CommitmentReopened
                | Self::DateAsked
                | Self::DateAgreed
                | Self::DateDeclined
                | Self::ResourceListed
                | Self::ResourceChanged
                | Self::ResourceRemoved
                | Self::ResourceRestored
                | Self::ResourceBooked
                | Self::BookingCancelled
                | Self::BookingReopened
                | Self::BookingReturned
                | Self::ThanksSaid
                | Self::ExpertiseSaid
                | Self::HelpAsked
                | Self::HelpGiven
                | Self::GiftEntered
                | Self::GiftAnswered
                | Self::GiftRemoved
                | Self::GiftRestored
                | Self::InitiativeAdded
                | Self::InitiativeChanged
                | Self::InitiativeEnded
                | Self::InitiativeRemoved
                | Self::InitiativeRestored
                | Self::PartAdded
                | Self::PartRemoved
                | Self::PartRestored
                | Self::ContributionEntered
                | Self::ContributionAnswered
                | Self::ContributionRemoved
                | Self::ContributionRestored
                | Self::TaskAdded
                | Self::TaskChanged
                | Self::TaskRemoved
                | Self::TaskRestored
                | Self::RiskAdded
                | Self::RiskChanged
                | Self::RiskRemoved
                | Self::RiskRestored
                | Self::ChallengeAdded
                | Self::ChallengeChanged
                | Self::ChallengeEnded
                | Self::ChallengeFed
                | Self::ChallengeRemoved
                | Self::ChallengeRestored
                | Self::ChallengePointAdded
                | Self::ChallengePointRemoved
                | Self::ChallengePointRestored
                | Self::ChallengePointAnswered
                | Self::TrialAdded
                | Self::TrialEnded
                | Self::TrialRemoved
                | Self::TrialRestored
                | Self::PactAdded
                | Self::PactChanged
                | Self::PactSigned
                | Self::DutiesPromised
                | Self::PactEnded
                | Self::PactRemoved
                | Self::PactRestored
                | Self::HeardWritten
                | Self::HeardAnswered
                | Self::HeardRemoved
                | Self::HeardRestored
                | Self::AimServed
                | Self::AimDropped
                | Self::ObjectiveAdded
                | Self::ObjectiveChanged
                | Self::ObjectiveRemoved
                | Self::ObjectiveRestored
                | Self::KeyResultAdded
                | Self::KeyResultChanged
                | Self::KeyResultRemoved
                | Self::KeyResultRestored
                | Self::CheckedIn
                | Self::CheckInRemoved
                | Self::ObjectivesLinked
                | Self::ObjectiveLinkRemoved
                | Self::WorkAdded
                | Self::WorkChanged
                | Self::WorkRemoved
                | Self::WorkRestored
                | Self::RoleReadBack
                | Self::TopicOpened
                | Self::TopicRemoved
                | Self::TopicPosted
                | Self::PostRemoved
                | Self::TopicSummed
                | Self::TopicClosed
                | Self::TopicReopened
                | Self::JointAsked
                | Self::JointChanged
                | Self::JointSpoken
                | Self::JointUnsaid
                | Self::JointStepped
                | Self::BallotCast
                | Self::VotePassed
                | Self::ObjectionAnswered
                | Self::VotersReminded
                | Self::JointCounted
                | Self::OutcomeWritten
                | Self::JointReviewed
                | Self::StakeholderAdded
                | Self::StakeholderChanged
                | Self::StakeholderRemoved
                | Self::StakeholderRestored
                | Self::StakeholderPlaced
                | Self::StanceSaid
                | Self::StakeholderStepSet
                | Self::InfluenceSaid
        )
    }

    /// Whether it is the affair of whoever is in a conflict case; subject: its id. Others in the room
    /// do not learn that there is one.
    pub const fn is_of_case(self) -> bool {
        matches!(self, Self::CaseRaised | Self::CaseSpoken | Self::CaseStepped)
    }

    /// Whether it is the affair of the account that did it alone: that someone wrote a note, logged a
    /// contact or put something off is not for others, whatever it is about. Nor is what happens in
    /// the room of a partnership for those outside.
    pub const fn is_own(self) -> bool {
        self.is_of_room()
            || self.is_of_case()
            || matches!(
                self,
                Self::ContactLogged
                    | Self::ContactChanged
                    | Self::ContactUndone
                    | Self::PromiseAdded
                    | Self::PromiseKept
                    | Self::PromiseReopened
                    | Self::PromiseWithdrawn
                    | Self::NoteAdded
                    | Self::NoteChanged
                    | Self::NoteDeleted
                    | Self::NoteRestored
                    | Self::ConsentSet
                    | Self::ViewSaved
                    | Self::ViewRemoved
                    | Self::Snoozed
                    | Self::SnoozeEnded
                    | Self::RhythmSet
                    | Self::TieSaid
                    | Self::TieWithdrawn
            )
    }
}

/// One event of the history. Never holds a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    /// Sorts by time: the cursor of [`Store::history_before`].
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// What was done.
    pub verb: Verb,
    /// Id of what changed.
    pub subject: String,
    /// Counts and values.
    pub detail: String,
    /// Which account did it; `None`: the program or a command, or an account that is gone.
    pub by: Option<AccountId>,
    /// The seat of the guest who did it.
    pub seat: Option<SeatId>,
}

impl Tx {
    pub(crate) async fn record(
        &self,
        verb: Verb,
        subject: &(impl ToString + ?Sized),
        detail: impl Into<String>,
    ) -> Result<(), StoreError> {
        let id = next_id(last_event(&self.db).await?);
        let row = entity::history::Model {
            id,
            at: self.now.ms(),
            verb: verb.name().to_owned(),
            subject: subject.to_string(),
            detail: detail.into(),
            created_at: self.now.ms(),
        };
        self.insert::<entity::history::Entity>(&[row], None).await?;
        if let Some(by) = self.by {
            let row =
                entity::done_by::Model { event: id, account: by.0, created_at: self.now.ms() };
            self.insert::<entity::done_by::Entity>(&[row], None).await?;
        }
        self.mark_seat(id).await?;
        Ok(())
    }
}

/// The newest event of all; `None` before the first.
pub(crate) async fn last_event(db: &impl ConnectionTrait) -> Result<Option<Uuid>, StoreError> {
    Ok(entity::history::Entity::find()
        .select_only()
        .column(entity::history::Column::Id)
        .order_by_desc(entity::history::Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?)
}

/// An id after the last one. Writers come one after the other, so ids grow as transactions are
/// committed, even where the clocks of two servers differ: "what is new since" misses nothing.
fn next_id(last: Option<Uuid>) -> Uuid {
    let by_the_clock = Uuid::now_v7();
    match last {
        Some(last) if last >= by_the_clock => Uuid::from_u128(last.as_u128().saturating_add(1)),
        _ => by_the_clock,
    }
}

impl Store {
    /// The newest `limit` events, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self, limit: u64) -> Result<Vec<HistoryEvent>, StoreError> {
        self.history_before(None, limit).await
    }

    /// Events, newest first; those before the event `before`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history_before(
        &self,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<HistoryEvent>, StoreError> {
        let sql = "SELECT h.id, h.at, h.verb, h.subject, h.detail, d.account, s.seat \
                   FROM history h LEFT JOIN done_by d ON d.event = h.id \
                   LEFT JOIN by_seat s ON s.thing = h.id WHERE h.id < ? \
                   ORDER BY h.id DESC LIMIT ?";
        let values = [before.unwrap_or(Uuid::max()).into(), to_i64(limit).into()];
        rows::<Row>(&self.db, sql, values).await?.into_iter().map(event_of).collect()
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    at: i64,
    verb: String,
    subject: String,
    detail: String,
    account: Option<Uuid>,
    seat: Option<Uuid>,
}

fn event_of(row: Row) -> Result<HistoryEvent, StoreError> {
    Ok(HistoryEvent {
        id: row.id,
        at: Moment::from_ms(row.at),
        verb: word("history.verb", &row.verb, Verb::from_name)?,
        subject: row.subject,
        detail: row.detail,
        by: row.account.map(AccountId),
        seat: row.seat.map(SeatId),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_whatever_the_clock_says() {
        let ahead = Uuid::from_u128(u128::from(u64::MAX) << 64);
        assert!(next_id(Some(ahead)) > ahead);
        let now = next_id(None);
        assert!(next_id(Some(now)) > now);
    }
}
