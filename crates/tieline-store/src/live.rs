//! Reading facts, over live imports alone: the input of identity resolution and of the network.

use std::collections::BTreeSet;

use sea_orm::{FromQueryResult, Value};
use tieline_model::address::{Address, AddressClass, AddressKind};
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, ImportId, ListId};
use tieline_model::time::Moment;

use crate::error::StoreError;
use crate::facts::{AttendanceRow, StatedTieRow};
use crate::store::{Store, marks, number, rows, to_i64, to_u64};

/// An address as all live imports together saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAddress {
    /// Its id.
    pub id: AddressId,
    /// The address.
    pub address: Address,
    /// What a person said it stands for; outranks everything computed.
    pub class_override: Option<AddressClass>,
    /// Events it sent or organised. An event in two imports counts twice here: the lake knows which
    /// events are the same, the store does not.
    pub sent: u64,
    /// Events it was addressed by; as `sent`.
    pub received: u64,
    /// First event, where dated.
    pub first: Option<Moment>,
    /// Last event, where dated.
    pub last: Option<Moment>,
    /// Rank of the earliest live import that saw it.
    pub rank: u64,
    /// Who wrote to it, as a sketch of one bit in 64 for each sender.
    pub senders_sketch: u64,
    /// Some import saw it as a list's posting address.
    pub was_list_post: bool,
    /// Some import saw it as a room or resource.
    pub was_resource: bool,
}

impl SeenAddress {
    /// Adds what another live import saw of the same address.
    fn join(&mut self, other: &Self) {
        self.sent = self.sent.saturating_add(other.sent);
        self.received = self.received.saturating_add(other.received);
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        self.rank = self.rank.min(other.rank);
        self.senders_sketch |= other.senders_sketch;
        self.was_list_post |= other.was_list_post;
        self.was_resource |= other.was_resource;
    }
}

/// A mailing list as all live imports together saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListStats {
    /// Its id.
    pub id: ListId,
    /// Canonical List-Id.
    pub text: String,
    /// Messages over it.
    pub messages: u64,
    /// Messages that answer another one.
    pub answers: u64,
    /// Distinct addresses that wrote to it.
    pub senders: u64,
    /// Posting addresses that headers state, sorted.
    pub posts: Vec<AddressId>,
}

/// One sighting of one live import.
#[derive(FromQueryResult)]
struct SeenRow {
    id: i64,
    kind: String,
    text: String,
    class: Option<String>,
    sent: i64,
    received: i64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
    senders_sketch: i64,
    was_list_post: bool,
    was_resource: bool,
    rank: i64,
}

// CROSS JOIN keeps SQLite from starting at `import`, so that rows come in the order of the key.
const SEEN: &str = "SELECT a.id AS id, a.kind AS kind, a.text AS text, c.class AS class, \
    s.sent AS sent, s.received AS received, s.first_ms AS first_ms, s.last_ms AS last_ms, \
    s.senders_sketch AS senders_sketch, s.was_list_post AS was_list_post, \
    s.was_resource AS was_resource, i.rank AS rank \
    FROM sighting s CROSS JOIN import i CROSS JOIN address a \
    LEFT JOIN address_class c ON c.address = a.id \
    WHERE i.id = s.import AND i.state = 'done' AND a.id = s.address ";

#[derive(FromQueryResult)]
struct ClaimRow {
    import: i64,
    hash: i64,
    source: String,
    name: Option<String>,
    given: Option<String>,
    family: Option<String>,
    nicknames: String,
    organisation: Option<String>,
    units: String,
    title: Option<String>,
    manager: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    said: i64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
    is_organisation: bool,
}

#[derive(FromQueryResult)]
struct ClaimAddressRow {
    import: i64,
    claim: i64,
    address: i64,
}

/// Where a page of claims ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimCursor(i64, i64);

/// Addresses asked for at once.
const PORTION: usize = 500;

/// Claims read at once by [`Store::claims`].
const CLAIMS_PAGE: u64 = 20_000;

impl Store {
    /// Addresses that a live import sighted, after an id, by id, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn addresses(
        &self,
        after: Option<AddressId>,
        limit: u64,
    ) -> Result<Vec<SeenAddress>, StoreError> {
        let after = after.map_or(-1, AddressId::as_i64);
        let last = number(
            &self.db,
            "SELECT MAX(page.address) FROM (SELECT DISTINCT s.address AS address \
             FROM sighting s CROSS JOIN import i WHERE i.id = s.import AND i.state = 'done' \
             AND s.address > ? ORDER BY s.address LIMIT ?) page",
            [after.into(), to_i64(limit).into()],
        )
        .await?;
        self.seen("AND s.address > ? AND s.address <= ?", &[after, last]).await
    }

    /// All addresses that live imports sighted, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_addresses(&self) -> Result<Vec<SeenAddress>, StoreError> {
        self.seen("", &[]).await
    }

    /// One address as live imports saw it; `None` when none did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn address(&self, id: AddressId) -> Result<Option<SeenAddress>, StoreError> {
        Ok(self.seen("AND s.address = ?", &[id.as_i64()]).await?.pop())
    }

    /// These addresses as live imports saw them, by id, without those that none saw.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn addresses_of(&self, ids: &[AddressId]) -> Result<Vec<SeenAddress>, StoreError> {
        let mut ids: Vec<i64> = ids.iter().map(|id| id.as_i64()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut all = Vec::with_capacity(ids.len());
        for portion in ids.chunks(PORTION) {
            let condition = format!("AND s.address IN ({})", marks(portion.len()));
            all.extend(self.seen(&condition, portion).await?);
        }
        Ok(all)
    }

    /// Sightings of live imports that meet a condition, added up by address.
    async fn seen(&self, condition: &str, values: &[i64]) -> Result<Vec<SeenAddress>, StoreError> {
        let sql = format!("{}{condition} ORDER BY s.address", self.live_sql(SEEN));
        let values = values.iter().map(|value| Value::from(*value));
        let found: Vec<SeenRow> = rows(&self.db, &sql, values).await?;
        let mut all: Vec<SeenAddress> = Vec::new();
        for row in found {
            let seen = seen_address(row)?;
            match all.last_mut().filter(|last| last.id == seen.id) {
                Some(last) => last.join(&seen),
                None => all.push(seen),
            }
        }
        Ok(all)
    }

    /// Claims of live imports that name one of these addresses: what sources say about a person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn claims_about(&self, ids: &[AddressId]) -> Result<Vec<Claim>, StoreError> {
        let mut keys = BTreeSet::new();
        for portion in ids.chunks(PORTION) {
            let sql = format!(
                "SELECT import, claim, address FROM claim_address WHERE address IN ({})",
                marks(portion.len())
            );
            let values = portion.iter().map(|id| Value::from(id.as_i64()));
            let found: Vec<ClaimAddressRow> = rows(&self.db, &sql, values).await?;
            keys.extend(found.into_iter().map(|row| (row.import, row.claim)));
        }
        let mut claims = Vec::new();
        for (import, hash) in keys {
            // A page of one claim: the one after the greatest key below it.
            let before = ClaimCursor(import, hash - 1);
            let (found, _) = self.claims_page(Some(before), 1).await?;
            claims.extend(found.into_iter().filter(|claim| claim.import.as_i64() == import));
        }
        Ok(claims)
    }

    /// Claims of live imports, at most `limit`, and the cursor of the next page; no cursor when
    /// this page is the last. Order: by import id and content, the same on every machine.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn claims_page(
        &self,
        after: Option<ClaimCursor>,
        limit: u64,
    ) -> Result<(Vec<Claim>, Option<ClaimCursor>), StoreError> {
        let ClaimCursor(import, hash) = after.unwrap_or(ClaimCursor(-1, -1));
        let sql = "SELECT import, hash, source, name, given, family, nicknames, organisation, \
            units, title, manager, from_ms, to_ms, said, first_ms, last_ms, is_organisation \
            FROM claim WHERE (import, hash) > (?, ?) \
            AND import IN (SELECT id FROM import WHERE state = 'done') \
            ORDER BY import, hash LIMIT ?";
        let limit = limit.max(1);
        let sql = self.live_sql(sql);
        let found: Vec<ClaimRow> =
            rows(&self.db, &sql, [import.into(), hash.into(), to_i64(limit).into()]).await?;
        let Some(last) = found.last().map(|row| ClaimCursor(row.import, row.hash)) else {
            return Ok((Vec::new(), None));
        };
        let named: Vec<ClaimAddressRow> = rows(
            &self.db,
            "SELECT import, claim, address FROM claim_address \
             WHERE (import, claim) > (?, ?) AND (import, claim) <= (?, ?) \
             ORDER BY import, claim, position",
            [import.into(), hash.into(), last.0.into(), last.1.into()],
        )
        .await?;
        let next = (found.len() as u64 == limit).then_some(last);
        Ok((with_addresses(found, &named)?, next))
    }

    /// All claims of live imports.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn claims(&self) -> Result<Vec<Claim>, StoreError> {
        let (mut all, mut cursor) = self.claims_page(None, CLAIMS_PAGE).await?;
        while cursor.is_some() {
            let (more, next) = self.claims_page(cursor, CLAIMS_PAGE).await?;
            all.extend(more);
            cursor = next;
        }
        Ok(all)
    }

    /// All mailing lists of live imports, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lists(&self) -> Result<Vec<ListStats>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: i64,
            text: String,
            messages: i64,
            answers: i64,
            senders: i64,
        }
        let found: Vec<Row> = rows(
            &self.db,
            &self.live_sql(
                "SELECT l.id AS id, l.text AS text, CAST(SUM(s.messages) AS BIGINT) AS messages, \
             CAST(SUM(s.answers) AS BIGINT) AS answers, \
             (SELECT COUNT(DISTINCT w.address) FROM list_sender w WHERE w.list = l.id \
              AND w.import IN (SELECT id FROM import WHERE state = 'done')) AS senders \
             FROM list l JOIN list_sighting s ON s.list = l.id \
             WHERE s.import IN (SELECT id FROM import WHERE state = 'done') \
             GROUP BY l.id, l.text ORDER BY l.id",
            ),
            [],
        )
        .await?;
        #[derive(FromQueryResult)]
        struct Post {
            list: i64,
            post: i64,
        }
        let posts: Vec<Post> = rows(
            &self.db,
            &self.live_sql(
                "SELECT DISTINCT list, post FROM list_sighting WHERE post IS NOT NULL \
             AND import IN (SELECT id FROM import WHERE state = 'done') ORDER BY list, post",
            ),
            [],
        )
        .await?;
        let mut posts = posts.into_iter().peekable();
        let mut lists = Vec::with_capacity(found.len());
        for row in found {
            let mut own = Vec::new();
            while let Some(post) = posts.next_if(|post| post.list <= row.id) {
                own.push(AddressId::from_i64(post.post));
            }
            lists.push(ListStats {
                id: ListId::from_i64(row.id),
                text: row.text,
                messages: to_u64(row.messages),
                answers: to_u64(row.answers),
                senders: to_u64(row.senders),
                posts: own,
            });
        }
        Ok(lists)
    }

    /// All ties that files of live imports state, in the order of import rank and file.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stated_ties(&self) -> Result<Vec<StatedTieRow>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            import: i64,
            from_address: i64,
            to_address: i64,
            weight: f64,
            directed: bool,
            kind: Option<String>,
            from_ms: Option<i64>,
            to_ms: Option<i64>,
        }
        let found: Vec<Row> = rows(
            &self.db,
            &self.live_sql(
                "SELECT t.import, t.from_address, t.to_address, t.weight, t.directed, \
             t.kind, t.from_ms, t.to_ms FROM stated_tie t JOIN import i ON i.id = t.import \
             WHERE i.state = 'done' ORDER BY i.rank, t.ordinal",
            ),
            [],
        )
        .await?;
        let tie = |row: Row| StatedTieRow {
            import: ImportId::from_i64(row.import),
            from: AddressId::from_i64(row.from_address),
            to: AddressId::from_i64(row.to_address),
            weight: row.weight,
            directed: row.directed,
            kind: row.kind,
            since: row.from_ms.map(Moment::from_ms),
            until: row.to_ms.map(Moment::from_ms),
        };
        Ok(found.into_iter().map(tie).collect())
    }

    /// All undated attendance of live imports, in the order of import rank and file.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn attendance(&self) -> Result<Vec<AttendanceRow>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            import: i64,
            person: i64,
            event: String,
        }
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT t.import, t.person, t.event FROM attendance t \
             JOIN import i ON i.id = t.import WHERE i.state = 'done' ORDER BY i.rank, t.ordinal",
            [],
        )
        .await?;
        let attendance = |row: Row| AttendanceRow {
            import: ImportId::from_i64(row.import),
            person: AddressId::from_i64(row.person),
            event: row.event,
        };
        Ok(found.into_iter().map(attendance).collect())
    }
}

fn seen_address(row: SeenRow) -> Result<SeenAddress, StoreError> {
    let kind = AddressKind::from_name(&row.kind)
        .ok_or_else(|| StoreError::damaged("address.kind", &row.kind))?;
    let class = |name: String| {
        AddressClass::from_name(&name)
            .ok_or_else(|| StoreError::damaged("address_class.class", &name))
    };
    Ok(SeenAddress {
        id: AddressId::from_i64(row.id),
        address: Address::from_stored(kind, row.text),
        class_override: row.class.map(class).transpose()?,
        sent: to_u64(row.sent),
        received: to_u64(row.received),
        first: row.first_ms.map(Moment::from_ms),
        last: row.last_ms.map(Moment::from_ms),
        rank: to_u64(row.rank),
        senders_sketch: row.senders_sketch.cast_unsigned(),
        was_list_post: row.was_list_post,
        was_resource: row.was_resource,
    })
}

/// Both in the order of (import, claim); `named` may hold claims of imports that are not live.
fn with_addresses(
    found: Vec<ClaimRow>,
    named: &[ClaimAddressRow],
) -> Result<Vec<Claim>, StoreError> {
    let mut claims = Vec::with_capacity(found.len());
    let mut next = 0;
    for row in found {
        let key = (row.import, row.hash);
        let mut addresses = Vec::new();
        while let Some(named) = named.get(next).filter(|named| (named.import, named.claim) <= key) {
            if (named.import, named.claim) == key {
                addresses.push(AddressId::from_i64(named.address));
            }
            next += 1;
        }
        claims.push(claim(row, addresses)?);
    }
    Ok(claims)
}

fn claim(row: ClaimRow, addresses: Vec<AddressId>) -> Result<Claim, StoreError> {
    let source = ClaimSource::from_name(&row.source)
        .ok_or_else(|| StoreError::damaged("claim.source", &row.source))?;
    Ok(Claim {
        import: ImportId::from_i64(row.import),
        source,
        addresses,
        name: row.name,
        given: row.given,
        family: row.family,
        nicknames: serde_json::from_str(&row.nicknames)?,
        organisation: row.organisation,
        units: serde_json::from_str(&row.units)?,
        title: row.title,
        manager: row.manager,
        from: row.from_ms.map(Moment::from_ms),
        to: row.to_ms.map(Moment::from_ms),
        count: u32::try_from(row.said).unwrap_or(u32::MAX),
        first: row.first_ms.map(Moment::from_ms),
        last: row.last_ms.map(Moment::from_ms),
        is_organisation: row.is_organisation,
    })
}
