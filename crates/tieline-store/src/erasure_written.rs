//! Forgetting a person: what people wrote about them, and the account that is theirs.

use sea_orm::{FromQueryResult, Value};
use tieline_model::id::AccountId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::{Tx, rows};

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl Tx {
    /// Removes what was written about the persons of these addresses, and their accounts with all
    /// that they wrote; how many rows. `list` are the marks of `values`.
    ///
    /// # Errors
    /// [`crate::Constraint::LastOwner`] when nobody could run the workspace any more.
    pub(crate) async fn erase_written(
        &self,
        list: &str,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        let one = |sql: &str| sql.replace('#', list);
        let accounts = one("SELECT id FROM account WHERE actor IN (#)");
        let mut n = 0;
        for account in rows::<Id>(&self.db, &accounts, values.to_vec()).await? {
            n += self.erase_account(AccountId(account.id)).await?;
        }
        n += self.erase_notes(&one("address IN (#)"), values).await?;
        // A line on several people may name any of them.
        let lines = "UPDATE contact SET line = '', version = version + 1 WHERE id IN \
                     (SELECT contact FROM contact_person WHERE address IN (#))";
        self.run(&one(lines), values.to_vec()).await?;
        n += self.erase_stakeholders(&one("address IN (#)"), values).await?;
        let mediates = "UPDATE conflict_case SET mediator = NULL, version = version + 1 \
                        WHERE mediator IN (#)";
        self.run(&one(mediates), values.to_vec()).await?;
        let places = "DELETE FROM place_before WHERE place IN \
                      (SELECT id FROM said_place WHERE address IN (#))";
        n += self.run(&one(places), values.to_vec()).await?;
        let seats = "SELECT id FROM partnership_member WHERE address IN (#)";
        let said = format!(
            "DELETE FROM charter_comment WHERE id IN \
             (SELECT thing FROM by_seat WHERE seat IN ({seats}))"
        );
        n += self.run(&one(&said), values.to_vec()).await?;
        for sql in [
            "UPDATE commitment SET seat = NULL WHERE seat",
            "UPDATE initiative_task SET seat = NULL WHERE seat",
            "UPDATE booking SET seat = NULL WHERE seat",
            "UPDATE work_role SET deputy = NULL WHERE deputy",
            "UPDATE conflict_action SET seat = NULL WHERE seat",
        ] {
            self.run(&one(&format!("{sql} IN ({seats})")), values.to_vec()).await?;
        }
        for table in ["guest_link", "guest_session", "by_seat", "work_role"] {
            let sql = format!("DELETE FROM {table} WHERE seat IN ({seats})");
            n += self.run(&one(&sql), values.to_vec()).await?;
        }
        // What someone says of themselves, and asked or answered in private, goes with them.
        for condition in ["expertise WHERE seat", "help WHERE asker", "help WHERE asked"] {
            let sql = format!("DELETE FROM {condition} IN ({seats})");
            n += self.run(&one(&sql), values.to_vec()).await?;
        }
        self.erase_from_decisions(&one(seats), values).await?;
        n += self.erase_from_talk(&format!("IN ({})", one(seats)), values).await?;
        for table in [
            "field_before",
            "promise",
            "contact_person",
            "tag",
            "field_value",
            "consent",
            "look",
            "link",
            "said_person",
            "said_place",
            "rhythm",
            "bulk_person",
            "partnership_member",
        ] {
            let sql = one(&format!("DELETE FROM {table} WHERE address IN (#)"));
            n += self.run(&sql, values.to_vec()).await?;
        }
        let twice: Vec<Value> = values.iter().chain(values).cloned().collect();
        n += self.run(&one("DELETE FROM said_tie WHERE a IN (#) OR b IN (#)"), twice).await?;
        let alone = "NOT EXISTS (SELECT 1 FROM contact_person p WHERE p.contact = contact.id)";
        n += self.erase_contacts(alone, &[]).await?;
        Ok(n)
    }

    /// Takes whoever sits at these seats out of decisions: their words and what binds them. That a
    /// vote was cast stays, for a seat that is nobody's, since it was counted. `seats`: a query.
    async fn erase_from_decisions(&self, seats: &str, values: &[Value]) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM decision_statement WHERE seat IN (#)",
            "DELETE FROM decision_bound WHERE seat IN (#)",
            "UPDATE joint_decision SET owner = NULL WHERE owner IN (#)",
            "UPDATE decision_ballot SET reason = '...' WHERE reason <> '' AND voter IN \
             (SELECT id FROM decision_voter WHERE holder IN (#))",
            "UPDATE decision_ballot SET reason = '...' WHERE reason <> '' AND voter IN \
             (SELECT id FROM decision_voter WHERE stand_in IN (#))",
        ] {
            self.run(&sql.replace('#', seats), values.to_vec()).await?;
        }
        Ok(())
    }

    /// Takes whoever sits at the seats of a condition out of what rooms talk about: what they said,
    /// who mentions them, how far they read.
    async fn erase_from_talk(&self, seats: &str, values: &[Value]) -> Result<u64, StoreError> {
        let said = format!("SELECT id FROM topic_post WHERE seat {seats}");
        for sql in [
            format!("DELETE FROM topic_mention WHERE post IN ({said})"),
            format!("DELETE FROM topic_mention WHERE seat {seats}"),
            format!("DELETE FROM topic_read WHERE seat {seats}"),
            format!("UPDATE topic SET seat = NULL WHERE seat {seats}"),
            format!("UPDATE topic SET summed_by = NULL WHERE summed_by {seats}"),
        ] {
            self.run(&sql, values.to_vec()).await?;
        }
        self.run(&format!("DELETE FROM topic_post WHERE seat {seats}"), values.to_vec()).await
    }

    async fn erase_account(&self, id: AccountId) -> Result<u64, StoreError> {
        self.require_another_owner(id).await?;
        let own = [Value::from(id.0)];
        let mut n = self.erase_notes("account = ?", &own).await?;
        n += self.run("DELETE FROM promise WHERE account = ?", own.clone()).await?;
        n += self.erase_contacts("account = ?", &own).await?;
        let views = "DELETE FROM shared_view WHERE view IN \
                     (SELECT id FROM saved_view WHERE account = ?)";
        n += self.run(views, own.clone()).await?;
        let people = "DELETE FROM bulk_person WHERE bulk IN \
                      (SELECT id FROM bulk_edit WHERE account = ?)";
        n += self.run(people, own.clone()).await?;
        n += self.run("DELETE FROM charter_comment WHERE account = ?", own.clone()).await?;
        // Where something stood is the partnership's; what they said of it was theirs.
        self.run("UPDATE check_in SET line = '' WHERE account = ?", own.clone()).await?;
        n += self.run("DELETE FROM decision_statement WHERE account = ?", own.clone()).await?;
        let posts = "DELETE FROM topic_mention WHERE post IN \
                     (SELECT id FROM topic_post WHERE account = ?)";
        self.run(posts, own.clone()).await?;
        n += self.run("DELETE FROM topic_post WHERE account = ?", own.clone()).await?;
        let summed = "UPDATE topic SET summed_account = NULL WHERE summed_account = ?";
        self.run(summed, own.clone()).await?;
        for table in [
            "account_mail",
            "done_by",
            "session",
            "api_token",
            "idempotency",
            "link",
            "saved_view",
            "snooze",
            "look",
            "rhythm",
            "bulk_edit",
            "stakeholder_placement",
        ] {
            let sql = format!("DELETE FROM {table} WHERE account = ?");
            n += self.run(&sql, own.clone()).await?;
        }
        for table in [
            "job",
            "tag",
            "consent",
            "said_person",
            "said_unit",
            "said_place",
            "said_tie",
            "partnership",
            "partnership_member",
            "party_side",
            "aim",
            "partnership_aim",
            "stage_answer",
            "charter_version",
            "charter_answer",
            "objective",
            "key_result",
            "check_in",
            "objective_link",
            "work",
            "joint_decision",
            "guest_link",
            "commitment",
            "conflict_case",
            "conflict_point",
            "resource",
            "booking",
            "gift",
            "heard",
            "initiative",
            "contribution",
            "challenge",
            "challenge_point",
            "trial",
            "pact",
            "pact_party",
            "topic",
            "stakeholder",
            "stakeholder_stance",
            "stakeholder_step",
            "stakeholder_influence",
        ] {
            let sql = format!("UPDATE {table} SET account = NULL WHERE account = ?");
            self.run(&sql, own.clone()).await?;
        }
        self.erase_history("subject = ?", id.to_string().into()).await?;
        n += self.run("DELETE FROM account WHERE id = ?", own).await?;
        Ok(n)
    }

    /// Stakeholders that a condition names, with all that was said of them.
    async fn erase_stakeholders(
        &self,
        condition: &str,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        let theirs = format!("(SELECT id FROM stakeholder WHERE {condition})");
        let mut n = 0;
        for table in ["stakeholder_placement", "stakeholder_stance", "stakeholder_step"] {
            let sql = format!("DELETE FROM {table} WHERE stakeholder IN {theirs}");
            n += self.run(&sql, values.to_vec()).await?;
        }
        for end in ["source", "target"] {
            let sql = format!("DELETE FROM stakeholder_influence WHERE {end} IN {theirs}");
            n += self.run(&sql, values.to_vec()).await?;
        }
        let sql = format!("DELETE FROM stakeholder WHERE {condition}");
        Ok(n + self.run(&sql, values.to_vec()).await?)
    }

    /// Events of the history that a condition with one value names, and who did them.
    pub(crate) async fn erase_history(
        &self,
        condition: &str,
        value: Value,
    ) -> Result<(), StoreError> {
        let events = format!("SELECT id FROM history WHERE {condition}");
        let done_by = format!("DELETE FROM done_by WHERE event IN ({events})");
        self.run(&done_by, [value.clone()]).await?;
        self.run(&format!("DELETE FROM history WHERE {condition}"), [value]).await.map(drop)
    }

    async fn erase_notes(&self, condition: &str, values: &[Value]) -> Result<u64, StoreError> {
        let sql = format!("SELECT id FROM note WHERE {condition}");
        let notes: Vec<Id> = rows(&self.db, &sql, values.to_vec()).await?;
        for note in &notes {
            self.index_note(note.id, None).await?;
            self.run("DELETE FROM note WHERE id = ?", [note.id.into()]).await?;
        }
        Ok(notes.len() as u64)
    }

    async fn erase_contacts(&self, condition: &str, values: &[Value]) -> Result<u64, StoreError> {
        let sql = format!("SELECT id FROM contact WHERE {condition}");
        let contacts: Vec<Id> = rows(&self.db, &sql, values.to_vec()).await?;
        for contact in &contacts {
            let id = [Value::from(contact.id)];
            self.run("DELETE FROM promise WHERE contact = ?", id.clone()).await?;
            self.run("DELETE FROM contact_person WHERE contact = ?", id.clone()).await?;
            self.run("DELETE FROM contact WHERE id = ?", id).await?;
        }
        Ok(contacts.len() as u64)
    }
}
