//! What the verbs of the history did, in words.

use tieline_store::Verb;

/// What a verb did. The words are the words of the glossary.
pub(super) fn done(verb: Verb) -> String {
    with_workspace(verb)
        .or_else(|| with_people(verb))
        .unwrap_or_else(|| verb.name().replace('-', " "))
}

/// Imports, accounts, jobs, and what is shown.
fn with_workspace(verb: Verb) -> Option<String> {
    Some(match verb {
        Verb::ImportFinished => t!("settings-done-import-finished"),
        Verb::ImportDiscarded => t!("settings-done-import-discarded"),
        Verb::ImportUndone => t!("settings-done-import-undone"),
        Verb::IdentitiesMerged => t!("settings-done-identities-merged"),
        Verb::IdentitiesSplit => t!("settings-done-identities-split"),
        Verb::DecisionRemoved => t!("settings-done-decision-removed"),
        Verb::ClassSet => t!("settings-done-address-class-set"),
        Verb::ClassRemoved => t!("settings-done-address-class-removed"),
        Verb::MappingSaved => t!("settings-done-mapping-saved"),
        Verb::AccountAdded => t!("settings-done-account-added"),
        Verb::AccountChanged => t!("settings-done-account-changed"),
        Verb::AccountMailSet => t!("settings-done-account-mail-set"),
        Verb::PasswordSet => t!("settings-done-password-set"),
        Verb::RoleSet => t!("settings-done-role-set"),
        Verb::AccountDisabled => t!("settings-done-account-disabled"),
        Verb::AccountEnabled => t!("settings-done-account-enabled"),
        Verb::SessionOpened => t!("settings-done-session-opened"),
        Verb::SessionsClosed => t!("settings-done-sessions-closed"),
        Verb::LinkAdded => t!("settings-done-link-added"),
        Verb::LinkUsed => t!("settings-done-link-used"),
        Verb::JobQueued => t!("settings-done-job-queued"),
        Verb::JobPaused => t!("settings-done-job-paused"),
        Verb::JobResumed => t!("settings-done-job-resumed"),
        Verb::JobStopped => t!("settings-done-job-stopped"),
        Verb::JobFinished => t!("settings-done-job-finished"),
        Verb::ViewSaved => t!("settings-done-view-saved"),
        Verb::ViewRemoved => t!("settings-done-view-removed"),
        Verb::Snoozed => t!("settings-done-snoozed"),
        Verb::ConsentSet => t!("settings-done-consent-set"),
        Verb::FindingsKept => t!("settings-done-findings-kept"),
        Verb::NamedFindingsSet => t!("settings-done-named-findings-set"),
        Verb::NetworkExported => t!("settings-done-network-exported"),
        Verb::TokenAdded => t!("settings-done-token-added"),
        Verb::TokenRemoved => t!("settings-done-token-removed"),
        Verb::SnoozeEnded => t!("settings-done-snooze-ended"),
        _ => return None,
    })
}

/// People, where they work, and what was written about them.
fn with_people(verb: Verb) -> Option<String> {
    Some(match verb {
        Verb::PersonErased => t!("settings-done-person-erased"),
        Verb::ContactLogged => t!("settings-done-contact-logged"),
        Verb::ContactChanged => t!("settings-done-contact-changed"),
        Verb::ContactUndone => t!("settings-done-contact-undone"),
        Verb::PromiseAdded => t!("settings-done-promise-added"),
        Verb::PromiseKept => t!("settings-done-promise-kept"),
        Verb::PromiseReopened => t!("settings-done-promise-reopened"),
        Verb::PromiseWithdrawn => t!("settings-done-promise-withdrawn"),
        Verb::NoteAdded => t!("settings-done-note-added"),
        Verb::NoteChanged => t!("settings-done-note-changed"),
        Verb::NoteDeleted => t!("settings-done-note-deleted"),
        Verb::NoteRestored => t!("settings-done-note-restored"),
        Verb::TagAdded => t!("settings-done-tag-added"),
        Verb::TagRemoved => t!("settings-done-tag-removed"),
        Verb::FieldAdded => t!("settings-done-field-added"),
        Verb::FieldRemoved => t!("settings-done-field-removed"),
        Verb::FieldSet => t!("settings-done-field-set"),
        Verb::PersonAdded => t!("settings-done-person-added"),
        Verb::PersonWithdrawn => t!("settings-done-person-withdrawn"),
        Verb::NameSaid => t!("settings-done-name-said"),
        Verb::UnitAdded => t!("settings-done-unit-added"),
        Verb::UnitWithdrawn => t!("settings-done-unit-withdrawn"),
        Verb::PlaceSaid => t!("settings-done-place-said"),
        Verb::PlaceChanged => t!("settings-done-place-changed"),
        Verb::PlaceRemoved => t!("settings-done-place-removed"),
        Verb::PlaceRestored => t!("settings-done-place-restored"),
        Verb::TieSaid => t!("settings-done-tie-said"),
        Verb::TieWithdrawn => t!("settings-done-tie-withdrawn"),
        Verb::RhythmSet => t!("settings-done-rhythm-set"),
        Verb::BulkEdited => t!("settings-done-bulk-edited"),
        Verb::BulkUndone => t!("settings-done-bulk-undone"),
        _ => return None,
    })
}
