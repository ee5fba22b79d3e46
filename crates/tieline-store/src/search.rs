//! Search by words: every word asked for is the beginning of a word that is there. Case, accents and
//! the order of words do not matter.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{DbBackend, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, AddressId, UnitId};
use tieline_model::org::Unit;
use uuid::Uuid;

use crate::contacts::reads;
use crate::dialect;
use crate::entity::{actor_search, address, tag};
use crate::error::StoreError;
use crate::fold::{fold, words};
use crate::identity::IdentityState;
use crate::people::{PeopleCursor, UnitTree, address_list};
use crate::store::{Store, Tx, marks, number, rows, to_i64};
use crate::units::units_of;

/// Longest text that people are looked for by, bytes: more fits nobody, and each word costs a search.
const LONGEST_TEXT: usize = 1_000;

/// Most different words of it.
const MOST_WORDS: usize = 32;

/// Tables of search, each with an index over its words.
pub(crate) const SEARCH_TABLES: [&str; 2] = ["actor_search", "note_search"];

/// Who searches notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The account; it finds what it wrote.
    pub account: AccountId,
    /// Whether it may read what is visible to the workspace.
    pub workspace: bool,
}

/// Actors for one statement.
const PORTION: usize = 500;

/// With more matches than this, walking in the order of the listing finds a page sooner than
/// sorting all matches. Not with fewer: who is looked for by first name stands together in a
/// listing by name, so that a walk may pass everyone before them (0.2 to 0.4 s of 100,000 people,
/// where sorting 4,000 takes 0.01 s).
const MANY: i64 = 15_000;

/// Between the numbers of two actors in the order of a listing: so many numbers that those who come
/// later find theirs between them. 24 who come after each other to one place find none left, and all
/// are numbered anew.
pub(crate) const GAP: i64 = 1 << 24;

/// The words of actors.
#[derive(Default)]
struct Words(HashMap<Uuid, BTreeSet<String>>);

impl Words {
    fn add(&mut self, actor: Uuid, text: &str) {
        self.0.entry(actor).or_default().extend(words(text));
    }

    fn place(&mut self, actor: Uuid, unit: &[String], title: Option<&str>) {
        let own = self.0.entry(actor).or_default();
        own.extend(unit.iter().cloned());
        own.extend(title.map(words).into_iter().flatten());
    }
}

/// The words of units with those above them, each split once.
struct Places {
    tree: UnitTree,
    known: HashMap<UnitId, Vec<String>>,
}

impl Places {
    fn new(units: Vec<Unit>) -> Self {
        Self { tree: UnitTree::new(units), known: HashMap::new() }
    }

    fn words(&mut self, unit: UnitId) -> &[String] {
        self.known.entry(unit).or_insert_with(|| {
            self.tree.path(unit).iter().flat_map(|unit| words(&unit.name)).collect()
        })
    }
}

impl Tx {
    /// Fills the search table of actors, which is empty, from what was derived.
    pub(crate) async fn index_all_actors(&self, state: &IdentityState) -> Result<(), StoreError> {
        let mut said: HashMap<i64, Vec<String>> = HashMap::new();
        for row in address::Entity::find().all(&self.db).await? {
            said.insert(row.id, vec![row.text]);
        }
        for row in tag::Entity::find().all(&self.db).await? {
            said.entry(row.address).or_default().push(row.name);
        }
        let mut all = Words::default();
        for actor in &state.actors {
            all.add(actor.id.0, &actor.name);
            for name in actor.given.iter().chain(&actor.family) {
                all.add(actor.id.0, name);
            }
            for address in &actor.addresses {
                for text in said.get(&address.as_i64()).into_iter().flatten() {
                    all.add(actor.id.0, text);
                }
            }
        }
        let mut places = Places::new(state.units.clone());
        for one in state.affiliations.iter().filter(|one| !one.proposed) {
            all.place(one.actor.0, places.words(one.unit), one.title.as_deref());
        }
        let mut order: Vec<_> =
            state.actors.iter().map(|one| (fold(&one.name), one.id.0)).collect();
        order.sort_unstable();
        let row = |((_, actor), n): ((String, Uuid), i64)| actor_search::Model {
            id: n * GAP,
            actor,
            words: joined(&all.0.remove(&actor).unwrap_or_default()),
            created_at: self.now.ms(),
        };
        let all: Vec<_> = order.into_iter().zip(1..).map(row).collect();
        self.insert::<actor_search::Entity>(&all, None).await?;
        dialect::rebuild_index(&self.db, "actor_search").await?;
        dialect::count_anew(&self.db, &["actor", "actor_address", "affiliation"]).await
    }

    /// Brings the words of the actors of these addresses up to date.
    pub(crate) async fn index_actors_of(&self, addresses: &[AddressId]) -> Result<(), StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            actor: Uuid,
        }
        for portion in addresses.chunks(PORTION) {
            let (list, values) = address_list(portion);
            let sql = format!("SELECT DISTINCT actor FROM actor_address WHERE address IN ({list})");
            let actors: Vec<Row> = rows(&self.db, &sql, values).await?;
            if actors.is_empty() {
                continue;
            }
            let ids: Vec<Value> = actors.into_iter().map(|row| row.actor.into()).collect();
            let only = format!(" AND actor.id IN ({})", marks(ids.len()));
            for (actor, words) in self.words_of(&only, &ids).await?.0 {
                self.index_actor(actor, &joined(&words)).await?;
            }
        }
        Ok(())
    }

    /// Takes an actor out of what is found.
    pub(crate) async fn forget_actor(&self, actor: Uuid) -> Result<(), StoreError> {
        self.drop_words("actor_search", "actor", actor).await
    }

    async fn index_actor(&self, actor: Uuid, words: &str) -> Result<(), StoreError> {
        self.forget_actor(actor).await?;
        let id = match self.number_of(actor).await? {
            Some(id) => id,
            None => {
                self.number_anew().await?;
                self.number_of(actor)
                    .await?
                    .ok_or_else(|| StoreError::damaged("actor_search.id", &actor))?
            }
        };
        self.add_words("actor_search", "actor", (id, actor), words).await
    }

    /// A number for an actor without one, between those before and after it in a listing; `None`
    /// when there is none left. Cost: two looks into an index.
    async fn number_of(&self, actor: Uuid) -> Result<Option<i64>, StoreError> {
        let beside = |sign: &str, order: &str| {
            format!(
                "SELECT s.id FROM actor JOIN actor_search s ON s.actor = actor.id \
                 WHERE (actor.name_folded, actor.id) {sign} \
                 (SELECT o.name_folded, o.id FROM actor o WHERE o.id = ?) \
                 ORDER BY actor.name_folded {order}, actor.id {order} LIMIT 1"
            )
        };
        let before = number(&self.db, &beside("<", "DESC"), [actor.into()]).await?;
        let after = match number(&self.db, &beside(">", "ASC"), [actor.into()]).await? {
            0 => before + 2 * GAP,
            after => after,
        };
        Ok((after - before > 1).then_some(before + (after - before) / 2))
    }

    /// Numbers all actors that can be found anew, in the order of a listing.
    pub(crate) async fn number_anew(&self) -> Result<(), StoreError> {
        for sql in in_order() {
            self.run(&sql, []).await?;
        }
        dialect::rebuild_index(&self.db, "actor_search").await
    }

    async fn drop_words(&self, table: &str, key: &str, of: Uuid) -> Result<(), StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: i64,
            words: String,
        }
        let sql = format!("SELECT id, words FROM {table} WHERE {key} = ?");
        for row in rows::<Row>(&self.db, &sql, [of.into()]).await? {
            dialect::unindex_words(&self.db, table, row.id, &row.words).await?;
            self.run(&format!("DELETE FROM {table} WHERE id = ?"), [row.id.into()]).await?;
        }
        Ok(())
    }

    async fn add_words(
        &self,
        table: &str,
        key: &str,
        (id, of): (i64, Uuid),
        words: &str,
    ) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO {table} (id, {key}, words, created_at) VALUES (?, ?, ?, ?)");
        let values = [id.into(), of.into(), words.into(), self.now.ms().into()];
        self.run(&sql, values).await?;
        dialect::index_words(&self.db, table, id, words).await
    }

    /// Sets what a note is found by.
    pub(crate) async fn index_note(
        &self,
        note: Uuid,
        text: Option<&str>,
    ) -> Result<(), StoreError> {
        self.drop_words("note_search", "note", note).await?;
        let Some(text) = text else { return Ok(()) };
        let next = "SELECT COALESCE(MAX(id), 0) + 1 FROM note_search";
        let id = number(&self.db, next, []).await?;
        let found_by = joined(&words(text).into_iter().collect());
        self.add_words("note_search", "note", (id, note), &found_by).await
    }

    /// The words of the actors that a condition names.
    async fn words_of(&self, only: &str, ids: &[Value]) -> Result<Words, StoreError> {
        #[derive(FromQueryResult)]
        struct Said {
            actor: Uuid,
            text: Option<String>,
            more: Option<String>,
        }
        #[derive(FromQueryResult)]
        struct Place {
            actor: Uuid,
            unit: Uuid,
            title: Option<String>,
        }
        let mut all = Words::default();
        for sql in [
            "SELECT actor.id AS actor, actor.name AS text, actor.given AS more FROM actor \
             WHERE 1 = 1",
            "SELECT actor.id AS actor, actor.family AS text, NULL AS more FROM actor \
             WHERE actor.family IS NOT NULL",
            "SELECT actor.id AS actor, a.text AS text, NULL AS more FROM actor \
             JOIN actor_address x ON x.actor = actor.id JOIN address a ON a.id = x.address \
             WHERE 1 = 1",
            "SELECT actor.id AS actor, t.name AS text, NULL AS more FROM actor \
             JOIN actor_address x ON x.actor = actor.id JOIN tag t ON t.address = x.address \
             WHERE 1 = 1",
        ] {
            let said: Vec<Said> = rows(&self.db, &format!("{sql}{only}"), ids.to_vec()).await?;
            for row in said {
                for text in [row.text, row.more].iter().flatten() {
                    all.add(row.actor, text);
                }
            }
        }
        let sql = format!(
            "SELECT f.actor, f.unit, f.title FROM affiliation f \
             JOIN actor ON actor.id = f.actor WHERE NOT f.proposed{only}"
        );
        let mut places = Places::new(units_of(&self.db).await?);
        for row in rows::<Place>(&self.db, &sql, ids.to_vec()).await? {
            all.place(row.actor, places.words(UnitId(row.unit)), row.title.as_deref());
        }
        Ok(all)
    }
}

impl Store {
    /// Condition on `actor` that a text finds it, with the values of its marks. Without letters and
    /// digits in it, the text is looked for as it is.
    pub(crate) async fn found_by(
        &self,
        text: &str,
        reader: Option<Reader>,
    ) -> Result<(String, Vec<Value>), StoreError> {
        let Some(words) = asked(text) else { return Ok(nobody()) };
        if words.is_empty() {
            return Ok(text_condition(text));
        }
        let backend = self.db.get_database_backend();
        let query: Value = dialect::match_query(backend, &words).into();
        let matches = dialect::matches(backend, "actor_search");
        let n = number(&self.db, &dialect::count_matches(backend), [query.clone()]).await?;
        let (own, mut values) = if n > MANY {
            walked(&words)
        } else {
            let found = format!("SELECT s.actor FROM actor_search s WHERE {matches}");
            let sql = dialect::one_of(backend, "actor.id", &found);
            (sql, vec![query])
        };
        let Some(reader) = reader else { return Ok((own, values)) };
        let (notes, more) = in_notes(backend, &words, reader);
        values.extend(more);
        Ok((format!("({own} OR actor.id IN ({notes}))"), values))
    }

    /// The actors of a page that a text alone finds, in the order of the listing; `None` when notes
    /// find someone too, or the text has no words. Cost: with SQLite the page and a look into the
    /// index for each word; PostgreSQL sorts the matches.
    pub(crate) async fn page_found_by(
        &self,
        text: &str,
        (reader, after): (Option<Reader>, Option<&PeopleCursor>),
        limit: u64,
    ) -> Result<Option<Vec<Uuid>>, StoreError> {
        #[derive(FromQueryResult)]
        struct Found {
            actor: Uuid,
        }
        let Some(words) = asked(text) else { return Ok(Some(Vec::new())) };
        if words.is_empty() || self.is_in_notes(&words, reader).await? {
            return Ok(None);
        }
        let after = self.number_after(after).await?;
        let backend = self.db.get_database_backend();
        let query = dialect::match_query(backend, &words);
        let sql = dialect::page_of_matches(backend);
        let values = [query.into(), after.into(), to_i64(limit).into()];
        let found: Vec<Found> = rows(&self.db, &sql, values).await?;
        Ok(Some(found.into_iter().map(|row| row.actor).collect()))
    }

    /// After which number the place in a listing is.
    pub(crate) async fn number_after(
        &self,
        after: Option<&PeopleCursor>,
    ) -> Result<i64, StoreError> {
        let Some(PeopleCursor { name, id }) = after else { return Ok(0) };
        let sql = "SELECT s.id FROM actor JOIN actor_search s ON s.actor = actor.id \
             WHERE (actor.name_folded, actor.id) <= (?, ?) \
             ORDER BY actor.name_folded DESC, actor.id DESC LIMIT 1";
        number(&self.db, sql, [name.clone().into(), id.0.into()]).await
    }

    /// Whether a note that the reader may read has all the words.
    async fn is_in_notes(
        &self,
        words: &[String],
        reader: Option<Reader>,
    ) -> Result<bool, StoreError> {
        let Some(reader) = reader else { return Ok(false) };
        let (notes, values) = in_notes(self.db.get_database_backend(), words, reader);
        let sql = format!("SELECT COUNT(*) FROM ({notes} LIMIT 1) found");
        Ok(number(&self.db, &sql, values).await? > 0)
    }

    /// How many actors a text finds, where nothing else is asked. Cost: the matches in the index;
    /// asking each actor would be a hundred times that.
    pub(crate) async fn count_found_by(
        &self,
        text: &str,
        reader: Option<Reader>,
    ) -> Result<Option<i64>, StoreError> {
        let Some(words) = asked(text) else { return Ok(Some(0)) };
        if words.is_empty() {
            return Ok(None);
        }
        let backend = self.db.get_database_backend();
        let query = dialect::match_query(backend, &words);
        let own = number(&self.db, &dialect::count_matches(backend), [query.into()]).await?;
        let Some(reader) = reader else { return Ok(Some(own)) };
        // And those whom notes alone find, who are few.
        let (notes, mut values) = in_notes(backend, &words, reader);
        let (found, more) = walked(&words);
        values.extend(more);
        let sql = format!("SELECT COUNT(*) FROM actor WHERE actor.id IN ({notes}) AND NOT {found}");
        Ok(Some(own + number(&self.db, &sql, values).await?))
    }
}

/// The different words of a text; `None` when it is more than anyone is looked for by.
fn asked(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let mut words = words(text);
    let mut known = BTreeSet::new();
    words.retain(|word| known.insert(word.clone()));
    (words.len() <= MOST_WORDS).then_some(words)
}

/// The condition that finds nobody.
fn nobody() -> (String, Vec<Value>) {
    ("1 = 0".to_owned(), Vec::new())
}

/// The condition for a walk through all actors: each word begins a word of the actor.
fn walked(all: &[String]) -> (String, Vec<Value>) {
    let one = "' ' || s.words LIKE ?";
    let each = vec![one; all.len()].join(" AND ");
    // Counted, so that it is asked actor by actor and never of all of them first.
    let sql =
        format!("(SELECT COUNT(*) FROM actor_search s WHERE s.actor = actor.id AND {each}) = 1");
    (sql, all.iter().map(|word| format!("% {word}%").into()).collect())
}

/// The actors with a note that the reader may read and that has all the words.
fn in_notes(backend: DbBackend, all: &[String], reader: Reader) -> (String, Vec<Value>) {
    let (scope, mut values) = reads("n", reader.account, reader.workspace);
    let matches = dialect::matches(backend, "note_search");
    values.push(dialect::match_query(backend, all).into());
    let sql = format!(
        "SELECT x.actor FROM note_search s JOIN note n ON n.id = s.note \
         JOIN actor_address x ON x.address = n.address \
         WHERE {scope} AND n.deleted_at IS NULL AND {matches}"
    );
    (sql, values)
}

/// Name or an address contains the text, as it is.
pub(crate) fn text_condition(text: &str) -> (String, Vec<Value>) {
    if text.len() > LONGEST_TEXT {
        return nobody();
    }
    let pattern = dialect::contains_pattern(&fold(text));
    let condition = format!(
        "({} OR EXISTS (SELECT 1 FROM actor_address x JOIN address y ON y.id = x.address \
         WHERE x.actor = actor.id AND {}))",
        dialect::contains("actor.name_folded"),
        dialect::contains("LOWER(y.text)"),
    );
    (condition, vec![pattern.clone().into(), pattern.into()])
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Statements that number all actors in the order of a listing; the index over their words is to be
/// made anew after them. First below zero, where no number is taken.
pub(crate) fn in_order() -> [String; 2] {
    [
        "UPDATE actor_search SET id = -o.n FROM (SELECT actor.id AS actor, \
         ROW_NUMBER() OVER (ORDER BY actor.name_folded, actor.id) AS n FROM actor) o \
         WHERE o.actor = actor_search.actor"
            .to_owned(),
        format!("UPDATE actor_search SET id = -id * {GAP} WHERE id < 0"),
    ]
}
