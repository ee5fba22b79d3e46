//! What people say in a conflict case: their views said back, what is collected, what they agree on.
//! Words that all share carry the version of the case, a side's own words that of the side.

use sea_orm::{EntityTrait, Value};
use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::Stage;
use tieline_model::id::{AddressId, CaseActionId, CaseId, PartnershipId, PartyId, PointId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::case_reads::{case, case_people};
use crate::cases::{CaseSide, ConflictCase};
use crate::entity::{conflict_action, conflict_point};
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::store::{Tx, number};

/// What the agreement is to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    /// Who sees to it: someone of a side, for their party.
    pub seat: SeatId,
    /// What.
    pub text: String,
    /// First moment after the day it is due.
    pub due: Moment,
}

/// Something said in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseWord {
    /// How the speaker's side sees things, and what it demands. Said back anew from then on.
    View {
        /// How it sees things.
        view: String,
        /// What it demands.
        position: String,
    },
    /// The view of another side, as the speaker's side understands it.
    Restated {
        /// Whose view.
        of: PartyId,
        /// In the speaker's words.
        text: String,
    },
    /// Whether what was said back is what the speaker's side means.
    Understood(bool),
    /// Something collected: an interest of the speaker's side, or anything else by anyone.
    Point {
        /// What it is.
        kind: PointKind,
        /// The issue that a choice belongs to; else empty.
        topic: String,
        /// In words.
        text: String,
    },
    /// What the sides agree on. Asked again from then on.
    Agreement(String),
    /// What the agreement asks for. Asked again from then on.
    Action(NewAction),
    /// That it does not ask for this.
    ActionGone(CaseActionId),
    /// Whether the speaker's side accepts the agreement as it stands.
    Accepts(bool),
    /// What is kept of the case without names. Confirmed anew from then on.
    Learnt(String),
    /// Whether the speaker's side confirms that it is settled.
    Settled(bool),
    /// Whoever is asked to mediate; nobody.
    Mediator(Option<AddressId>),
    /// Whether the speaker's side accepts the mediator.
    MediatorAccepted(bool),
}

impl CaseWord {
    /// Whether it is one of the words of a side, which carry that side's version.
    fn is_of_side(&self) -> bool {
        matches!(self, Self::View { .. } | Self::Restated { .. } | Self::Understood(_))
    }

    /// Whether it may be said at a stage; words are collected from their stage on, and what was
    /// agreed stays as it is while it is looked after.
    fn fits(&self, stage: Stage) -> bool {
        let until_agreed = |from: Stage| from <= stage && stage <= Stage::Agreement;
        match self {
            Self::View { .. } | Self::Restated { .. } | Self::Understood(_) => {
                until_agreed(Stage::Raised)
            }
            Self::Point { kind, .. } => until_agreed(kind.from_stage()),
            Self::Agreement(_) | Self::Action(_) | Self::ActionGone(_) | Self::Accepts(_) => {
                stage == Stage::Agreement
            }
            Self::Learnt(_) | Self::Settled(_) => stage == Stage::FollowUp,
            Self::Mediator(_) | Self::MediatorAccepted(_) => !stage.is_over(),
        }
    }
}

impl Tx {
    /// Says something in a case. `version` is that of the side whose words it changes, or of the case;
    /// what is only added to a list needs none. The point that was added, if one was.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`Constraint::Value`] for words that say nothing or come at another
    /// stage, [`StoreError::NotFound`] also for whoever is not in it or not on a side.
    pub async fn say_in_case(
        &self,
        at: (PartnershipId, CaseId),
        said: &CaseWord,
        version: i64,
        by: Participant,
    ) -> Result<Option<PointId>, StoreError> {
        let known = case(&self.db, at, by).await?;
        let mut added = None;
        if !said.fits(known.stage) {
            return Err(StoreError::value("the case is at another stage: this is not said there"));
        }
        if said.is_of_side() {
            self.say_of_side(&known, said, version).await?;
        } else if let CaseWord::Point { kind, topic, text } = said {
            added = Some(self.collect(&known, *kind, (topic, text), by).await?);
        } else {
            let only_adds = matches!(said, CaseWord::Action(_) | CaseWord::ActionGone(_));
            if !only_adds && version != known.version {
                return Err(StoreError::Conflict(Constraint::Stale));
            }
            self.say_for_all(&known, said).await?;
            self.case_changed(at.1).await?;
        }
        self.record(Verb::CaseSpoken, &at.1, "").await?;
        Ok(added)
    }

    async fn say_of_side(
        &self,
        known: &ConflictCase,
        said: &CaseWord,
        version: i64,
    ) -> Result<(), StoreError> {
        let own = speaker(known)?;
        let of = match said {
            CaseWord::Restated { of, .. } => *of,
            _ => own.party,
        };
        let side = known.side(of).ok_or_else(|| StoreError::not_found("party", &of))?;
        if side.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let (set, values): (_, Vec<Value>) = match said {
            CaseWord::View { view, position } => (
                "view = ?, position = ?, understood = FALSE",
                vec![words(view)?.into(), position.trim().into()],
            ),
            CaseWord::Restated { text, .. } if of != own.party && !side.view.is_empty() => (
                "restated = ?, restated_by = ?, understood = FALSE",
                vec![words(text)?.into(), own.party.0.into()],
            ),
            CaseWord::Understood(is) if side.restated.is_some() => {
                ("understood = ?", vec![(*is).into()])
            }
            _ => return Err(StoreError::value("there is nothing yet to say that of")),
        };
        self.set_side((known.id, of), set, values).await
    }

    async fn set_side(
        &self,
        (case, party): (CaseId, PartyId),
        set: &str,
        mut values: Vec<Value>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE conflict_side SET {set}, version = version + 1 \
             WHERE conflict = ? AND party = ?"
        );
        values.extend([Value::from(case.0), party.0.into()]);
        self.run(&sql, values).await.map(drop)
    }

    async fn collect(
        &self,
        known: &ConflictCase,
        kind: PointKind,
        (topic, text): (&str, &str),
        by: Participant,
    ) -> Result<PointId, StoreError> {
        let party = match kind {
            PointKind::Interest => Some(speaker(known)?.party),
            _ => None,
        };
        let topic = match kind {
            PointKind::Choice => words(topic)?,
            _ => String::new(),
        };
        let id = PointId(Uuid::now_v7());
        let row = conflict_point::Model {
            id: id.0,
            conflict: known.id.0,
            kind: kind.name().to_owned(),
            party: party.map(|party| party.0),
            topic,
            text: words(text)?,
            account: by.account().map(|account| account.0),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.forget_numbers(known.id, kind).await?;
        self.insert::<conflict_point::Entity>(&[row], None).await?;
        Ok(id)
    }

    /// Takes something collected back, or lets it stand again: an interest by its side, anything else
    /// by whoever is in the case. The case that it is of.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] at another stage.
    pub async fn remove_case_point(
        &self,
        (id, point): (PartnershipId, PointId),
        is_removed: bool,
        by: Participant,
    ) -> Result<CaseId, StoreError> {
        let nothing = || StoreError::not_found("point", &point);
        let row = conflict_point::Entity::find_by_id(point.0).one(&self.db).await?;
        let row = row.ok_or_else(nothing)?;
        let known = case(&self.db, (id, CaseId(row.conflict)), by).await.map_err(|error| {
            // What one may not see does not exist, by whatever id it was asked for.
            if matches!(error, StoreError::NotFound { .. }) { nothing() } else { error }
        })?;
        if row.party.is_some() && row.party != known.reader.side.map(|side| side.0) {
            return Err(nothing());
        }
        let kind = crate::store::word("conflict_point.kind", &row.kind, PointKind::from_name)?;
        if !(kind.from_stage() <= known.stage && known.stage <= Stage::Agreement) {
            return Err(StoreError::value("the case is at another stage: this stays as it is"));
        }
        self.remove_row("conflict_point", point.0, is_removed).await?;
        self.forget_numbers(known.id, kind).await?;
        self.record(Verb::CaseSpoken, &known.id, "").await?;
        Ok(known.id)
    }

    async fn say_for_all(&self, known: &ConflictCase, said: &CaseWord) -> Result<(), StoreError> {
        let case = known.id;
        match said {
            CaseWord::Agreement(text) => {
                self.set_case(case, "agreement = ?", vec![words(text)?.into()]).await?;
                self.ask_again(case, "accepts").await
            }
            CaseWord::Action(new) => {
                self.add_case_action(known, new).await?;
                self.ask_again(case, "accepts").await
            }
            CaseWord::ActionGone(one) => {
                let sql = "DELETE FROM conflict_action \
                           WHERE id = ? AND conflict = ? AND commitment IS NULL";
                let n = self.run(sql, [one.0.into(), case.0.into()]).await?;
                crate::store::changed(n, "action", one)?;
                self.ask_again(case, "accepts").await
            }
            CaseWord::Learnt(text) => {
                self.without_names(known, text).await?;
                self.set_case(case, "learnt = ?", vec![text.trim().into()]).await?;
                self.ask_again(case, "settled").await
            }
            CaseWord::Accepts(is) => self.give_word(known, "accepts", *is).await,
            CaseWord::Settled(is) => self.give_word(known, "settled", *is).await,
            CaseWord::MediatorAccepted(is) if known.mediator.is_some() => {
                self.give_word(known, "mediator_ok", *is).await
            }
            CaseWord::Mediator(who) => {
                if let Some(who) = who {
                    self.is_neutral(known, *who).await?;
                }
                let who = who.map(AddressId::as_i64);
                self.set_case(case, "mediator = ?", vec![who.into()]).await?;
                self.ask_again(case, "mediator_ok").await
            }
            _ => Err(StoreError::value("nobody is asked to mediate")),
        }
    }

    async fn set_case(
        &self,
        case: CaseId,
        set: &str,
        mut values: Vec<Value>,
    ) -> Result<(), StoreError> {
        values.push(case.0.into());
        self.run(&format!("UPDATE conflict_case SET {set} WHERE id = ?"), values).await.map(drop)
    }

    /// That what all share was changed.
    pub(crate) async fn case_changed(&self, case: CaseId) -> Result<(), StoreError> {
        let now = vec![self.now.ms().into()];
        self.set_case(case, "changed_at = ?, version = version + 1", now).await
    }

    /// Takes back a word that each side gave.
    pub(crate) async fn ask_again(&self, case: CaseId, word: &str) -> Result<(), StoreError> {
        let sql = format!("UPDATE conflict_side SET {word} = FALSE WHERE conflict = ?");
        self.run(&sql, [case.0.into()]).await.map(drop)
    }

    async fn give_word(
        &self,
        known: &ConflictCase,
        word: &str,
        is: bool,
    ) -> Result<(), StoreError> {
        let own = speaker(known)?.party;
        let sql = format!("UPDATE conflict_side SET {word} = ? WHERE conflict = ? AND party = ?");
        self.run(&sql, [is.into(), known.id.0.into(), own.0.into()]).await.map(drop)
    }

    async fn add_case_action(
        &self,
        known: &ConflictCase,
        new: &NewAction,
    ) -> Result<(), StoreError> {
        let people = case_people(&self.db, known.id).await?;
        let who = people.iter().find(|one| one.seat == new.seat);
        let who = who.ok_or_else(|| StoreError::not_found("seat", &new.seat))?;
        let row = conflict_action::Model {
            id: Uuid::now_v7(),
            conflict: known.id.0,
            party: who.party.0,
            seat: Some(new.seat.0),
            text: words(&new.text)?,
            due: new.due.ms(),
            commitment: None,
            created_at: self.now.ms(),
        };
        self.insert::<conflict_action::Entity>(&[row], None).await.map(drop)
    }

    /// What is kept of a case names neither its sides nor whoever sits there.
    async fn without_names(&self, known: &ConflictCase, text: &str) -> Result<(), StoreError> {
        let said = format!(" {} ", spaced(text));
        let people = case_people(&self.db, known.id).await?;
        let people = people.into_iter().filter_map(|one| one.name);
        let parties = known.sides.iter().map(|side| side.name.clone());
        let names = |name: &String| said.contains(&format!(" {} ", spaced(name)));
        match parties.chain(people).find(names) {
            Some(name) => Err(StoreError::value(format!("leave names out, such as {name}"))),
            None => Ok(()),
        }
    }

    /// Whoever mediates is known and sits at none of the sides.
    async fn is_neutral(&self, known: &ConflictCase, who: AddressId) -> Result<(), StoreError> {
        let sql = "SELECT COUNT(*) FROM actor_address WHERE address = ?";
        if number(&self.db, sql, [who.as_i64().into()]).await? == 0 {
            return Err(StoreError::not_found("person", &who));
        }
        let sql = "SELECT COUNT(*) FROM partnership_member m JOIN conflict_side s \
                   ON s.party = m.party AND m.until IS NULL WHERE s.conflict = ? \
                   AND (m.address = ? OR m.address IN (SELECT theirs.address \
                   FROM actor_address own JOIN actor_address theirs ON theirs.actor = own.actor \
                   WHERE own.address = ?))";
        let values = [known.id.0.into(), who.as_i64().into(), who.as_i64().into()];
        match number(&self.db, sql, values).await? {
            0 => Ok(()),
            _ => Err(StoreError::value("whoever mediates sits at none of the sides")),
        }
    }
}

/// The side that the reader of a case speaks for.
pub(crate) fn speaker(known: &ConflictCase) -> Result<&CaseSide, StoreError> {
    let side = known.reader.side.and_then(|party| known.side(party));
    side.ok_or_else(|| StoreError::not_found("case", &known.id))
}

fn words(text: &str) -> Result<String, StoreError> {
    let text = text.trim();
    if text.is_empty() { Err(StoreError::value("say it in words")) } else { Ok(text.to_owned()) }
}

/// Words alone, one space between them, as names are looked for.
fn spaced(text: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() { letter } else { ' ' };
    let folded: String = fold(text).chars().map(plain).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
