//! Topics of a partnership, on each kind of store: what is said and taken back, whom it mentions, how
//! far each has read, who is heard, and what becomes of many who speak at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::access::Role;
use tieline_model::id::{PartnershipId, SeatId, TopicId};
use tieline_model::listening::{Reply, answering};
use tieline_model::participation::PostKind;
use tieline_model::room::{Duty, Participant};
use tieline_store::{
    Constraint, NewAccount, NewPartnership, NewPost, Store, StoreError, TopicCursor,
};
use world::{Home, address, conflict, done, is_gone};

/// A room of two parties with a seat each, whose people come by link; a third is of another room.
struct Table {
    store: Store,
    id: PartnershipId,
    seats: [SeatId; 2],
    convener: Participant,
    ada: Participant,
    bo: Participant,
    cy: Participant,
}

fn say(text: &str) -> NewPost<'_> {
    NewPost { text, ..NewPost::default() }
}

impl Table {
    async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&world::identity())).unwrap();
        let new = NewAccount {
            login: "own".to_owned(),
            name: "own".to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: None,
        };
        let account = done!(store, tx => tx.add_account(&new)).unwrap();
        let by = Participant::Account(account);
        let (mut ids, mut seats) = (Vec::new(), Vec::new());
        for (name, people) in [
            ("Warm homes", &["ada@one.example", "bo@two.example"][..]),
            ("Dry cellars", &["cy@three.example"]),
        ] {
            let new = NewPartnership {
                name: name.to_owned(),
                about: String::new(),
                begins: None,
                ends: None,
                notice: None,
                by: account,
            };
            let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
            ids.push(id);
            for who in people {
                let party = done!(store, tx => tx.add_party(id, (None, who), by)).unwrap();
                let (at, who) = ((id, party), address(who));
                let seat = done!(store, tx => tx.give_seat(at, who, Duty::Member, by)).unwrap();
                seats.push(seat);
            }
        }
        let [ada, bo, cy] = [0, 1, 2].map(|n| Participant::Guest(seats[n]));
        Self { store, id: ids[0], seats: [seats[0], seats[1]], convener: by, ada, bo, cy }
    }

    async fn roofs(&self) -> TopicId {
        let first = NewPost { text: "What of roofs?", reply_to: None, mentions: &[self.seats[1]] };
        done!(self.store, tx => tx.open_topic(self.id, " Roofs ", &first, self.ada)).unwrap()
    }
}

#[tokio::test]
async fn what_is_said_mentions_is_read_taken_back_and_found() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, [ada, bo]) = (&table.store, table.id, table.seats);
        is_gone(&done!(store, tx => tx.open_topic(id, "x", &say("x"), table.cy)));
        let stranger = NewPost { mentions: &[SeatId(id.0)], ..say("x") };
        is_gone(&done!(store, tx => tx.open_topic(id, "x", &stranger, table.ada)));
        let empty = done!(store, tx => tx.open_topic(id, "x", &say(" "), table.ada));
        assert!(matches!(conflict(empty), Constraint::Value(_)));
        let topic = table.roofs().await;
        let at = (id, topic);
        is_gone(&store.topic(at, table.cy).await);
        is_gone(&store.topics(id, (false, None), 9, table.cy).await);
        is_gone(&store.posts(at, (None, None), 9, table.cy).await);
        is_gone(&store.find_posts(id, "roofs", (None, 9), table.cy).await);
        is_gone(&store.spoken(id, table.cy).await);
        is_gone(&done!(store, tx => tx.post(at, &say("x"), table.cy)));
        let waiting = store.mentions_waiting(table.bo, 9).await.unwrap();
        assert_eq!((waiting.len(), &*waiting[0].title, waiting[0].number), (1, "Roofs", 1));
        assert_eq!(waiting[0].name.as_deref(), Some("Ada Ek"));
        assert!(store.mentions_waiting(table.ada, 9).await.unwrap().is_empty());

        let first = store.posts(at, (None, None), 9, table.bo).await.unwrap().remove(0);
        let answer = NewPost { reply_to: Some(first.id), ..say("Slate, by \u{c5}se") };
        let post = done!(store, tx => tx.post(at, &answer, table.bo)).unwrap();
        let seen = store.topic(at, table.ada).await.unwrap();
        assert_eq!((seen.posts, seen.read, seen.is_mentioned), (2, Some(1), true));
        let posts = store.posts(at, (Some(1), None), 9, table.ada).await.unwrap();
        assert_eq!((posts[0].reply_to, posts[0].mentions[0].0), (Some(1), ada));
        assert!(!posts[0].is_own && posts[0].name.as_deref() == Some("bo 100%"));
        done!(store, tx => tx.read_topic(at, 99, table.ada)).unwrap();
        assert!(store.mentions_waiting(table.ada, 9).await.unwrap().is_empty());
        assert_eq!(store.topic(at, table.bo).await.unwrap().read, Some(0), "each their own");
        assert_eq!(store.topic(at, table.convener).await.unwrap().read, None);
        is_gone(&done!(store, tx => tx.read_topic(at, 1, table.convener)));

        for (text, n) in [("ase", 1), ("SLA roof", 0), ("roof what", 1), ("'%_\"", 0)] {
            let found = store.find_posts(id, text, (None, 9), table.ada).await.unwrap();
            assert_eq!(found.len(), n, "{text}");
        }
        is_gone(&done!(store, tx => tx.remove_post((id, post), true, table.ada)));
        done!(store, tx => tx.remove_post((id, post), true, table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.remove_post((id, post), true, table.bo)));
        assert_eq!(store.posts(at, (None, None), 9, table.ada).await.unwrap().len(), 1);
        assert!(store.find_posts(id, "slate", (None, 9), table.ada).await.unwrap().is_empty());
        done!(store, tx => tx.remove_post((id, post), false, table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.remove_topic(at, true, table.ada)));
        let other = done!(store, tx => tx.open_topic(id, "Doors", &say("x"), table.bo)).unwrap();
        is_gone(&done!(store, tx => tx.remove_topic((id, other), true, table.ada)));
        done!(store, tx => tx.remove_topic((id, other), true, table.bo)).unwrap();
        is_gone(&store.topic((id, other), table.bo).await);
        done!(store, tx => tx.remove_topic((id, other), false, table.bo)).unwrap();
        assert_eq!(
            bo,
            store.posts((id, other), (None, None), 9, table.ada).await.unwrap()[0].seat.unwrap()
        );
    }
}

#[tokio::test]
async fn a_topic_is_summed_up_closed_and_its_silent_ones_are_asked() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id, [ada, bo]) = (&table.store, table.id, table.seats);
        let at = (id, table.roofs().await);
        done!(store, tx => tx.sum_topic(at, ("All agree.", 1), 1, table.bo)).unwrap();
        let late = done!(store, tx => tx.sum_topic(at, ("None does.", 1), 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        let seen = store.topic(at, table.ada).await.unwrap();
        let summary = seen.summary.unwrap();
        assert_eq!((&*summary.text, summary.to, seen.version), ("All agree.", 1, 2));
        assert_eq!(summary.name.as_deref(), Some("bo 100%"));
        let own = done!(store, tx => tx.invite_voices(at, &[ada], table.ada));
        assert!(matches!(conflict(own), Constraint::Value(_)));
        done!(store, tx => tx.invite_voices(at, &[ada, bo], table.convener)).unwrap();
        let posts = store.posts(at, (None, None), 9, table.ada).await.unwrap();
        assert_eq!((posts[1].kind, posts[1].mentions.len()), (PostKind::Invited, 2));
        assert!(store.mentions_waiting(table.ada, 9).await.unwrap()[0].is_invitation);
        let spoken = store.spoken(id, table.ada).await.unwrap();
        let all: Vec<_> = spoken.iter().map(|one| (one.seat, one.posts, one.words)).collect();
        assert_eq!(all, [(ada, 1, 3), (bo, 0, 0)]);
        assert!(spoken[1].invited.is_some());
        done!(store, tx => tx.close_topic(at, true, table.bo)).unwrap();
        let closed = done!(store, tx => tx.post(at, &say("x"), table.ada));
        assert!(matches!(conflict(closed), Constraint::Value(_)));
        assert!(store.topics(id, (false, None), 9, table.ada).await.unwrap().is_empty());
        assert_eq!(store.topics(id, (true, None), 9, table.ada).await.unwrap().len(), 1);
        done!(store, tx => tx.close_topic(at, false, table.convener)).unwrap();
        done!(store, tx => tx.post(at, &say("x"), table.ada)).unwrap();
    }
}

#[tokio::test]
async fn a_thousand_posts_and_many_topics_are_read_page_by_page() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        let at = (id, table.roofs().await);
        let tx = store.begin().await.unwrap();
        for n in 2..=1_000 {
            let text = format!("post {n}");
            let by = [table.ada, table.bo][n % 2];
            tx.post(at, &say(&text), by).await.unwrap();
        }
        for n in 0..9 {
            tx.open_topic(id, &format!("topic {n}"), &say("x"), table.ada).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut numbers = Vec::new();
        loop {
            let after = numbers.last().copied().unwrap_or(0);
            let page = store.posts(at, (Some(after), None), 300, table.bo).await.unwrap();
            if page.is_empty() {
                break;
            }
            numbers.extend(page.iter().map(|post| post.number));
        }
        assert_eq!(numbers, (1..=1_000).collect::<Vec<_>>());
        let end = store.posts(at, (None, None), 2, table.bo).await.unwrap();
        assert_eq!((end[0].number, end[1].number), (999, 1_000));
        let before = store.posts(at, (None, Some(999)), 1, table.bo).await.unwrap();
        assert_eq!(before[0].number, 998);
        let (mut titles, mut after) = (BTreeSet::new(), None);
        loop {
            let page = store.topics(id, (false, after), 4, table.ada).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(TopicCursor { last: last.last, id: last.id });
            titles.extend(page.into_iter().map(|topic| topic.title));
        }
        assert_eq!(titles.len(), 10, "each once: {titles:?}");
        let mut found = store.find_posts(id, "post", (None, 600), table.ada).await.unwrap();
        let before = Some(found.last().unwrap().post.id);
        found.extend(store.find_posts(id, "post", (before, 600), table.ada).await.unwrap());
        assert_eq!(found.len(), 999);
    }
}

#[tokio::test]
async fn of_fifty_who_speak_at_once_each_is_heard() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let at = (table.id, table.roofs().await);
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let (store, by) = (table.store.clone(), [table.ada, table.bo][n % 2]);
                tokio::spawn(async move {
                    let text = format!("post {n}");
                    loop {
                        let said = done!(store, tx => tx.post(at, &say(&text), by));
                        match said {
                            Ok(_) => return,
                            Err(StoreError::Unavailable(_)) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        for one in tries {
            one.await.unwrap();
        }
        let posts = table.store.posts(at, (None, None), 99, table.ada).await.unwrap();
        let numbers: Vec<_> = posts.iter().map(|post| post.number).collect();
        assert_eq!(numbers, (1..=51).collect::<Vec<_>>(), "each has its own number");
        let texts: BTreeSet<_> = posts.iter().map(|post| &post.text).collect();
        assert_eq!(texts.len(), 51, "nothing is lost");
    }
}

#[tokio::test]
async fn what_was_said_is_answered_for_good_and_read_in_the_room_alone() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, id) = (&table.store, table.id);
        is_gone(&done!(store, tx => tx.hear(id, ("x", ""), table.cy)));
        let empty = done!(store, tx => tx.hear(id, (" ", ""), table.ada));
        assert!(matches!(conflict(empty), Constraint::Value(_)));
        let said = (" The stairs are dark. ", "Tenants");
        let one = done!(store, tx => tx.hear(id, said, table.ada)).unwrap();
        let at = (id, one);
        is_gone(&store.heard(id, (None, None), 9, table.cy).await);
        is_gone(&store.heard_one(at, table.cy).await);
        is_gone(&store.answered(id, table.cy).await);
        is_gone(&done!(store, tx => tx.answer_heard(at, (Reply::Done, "x"), 1, table.cy)));
        is_gone(&done!(store, tx => tx.remove_heard(at, true, table.bo)));
        is_gone(&done!(store, tx => tx.remove_heard(at, true, table.convener)));
        done!(store, tx => tx.remove_heard(at, true, table.ada)).unwrap();
        is_gone(&store.heard_one(at, table.ada).await);
        is_gone(&done!(store, tx => tx.answer_heard(at, (Reply::Done, "x"), 2, table.bo)));
        done!(store, tx => tx.remove_heard(at, false, table.ada)).unwrap();

        let known = store.heard_one(at, table.bo).await.unwrap();
        assert_eq!((&*known.text, &*known.voice), ("The stairs are dark.", "Tenants"));
        for (reply, words) in [(Reply::Done, " "), (Reply::Waits, "later")] {
            let none = done!(store, tx => tx.answer_heard(at, (reply, words), 3, table.bo));
            assert!(matches!(conflict(none), Constraint::Value(_)), "{reply:?}");
        }
        let late = done!(store, tx => tx.answer_heard(at, (Reply::Done, "x"), 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        done!(store, tx => tx.answer_heard(at, (Reply::Doing, "Lamps come."), 3, table.bo))
            .unwrap();
        let first = store.answered(id, table.ada).await.unwrap()[0].answered;
        let no = (Reply::Declined, "The owner refuses.");
        done!(store, tx => tx.answer_heard(at, no, 4, table.convener)).unwrap();
        let known = store.heard_one(at, table.ada).await.unwrap();
        assert_eq!((known.reply, &*known.answer), (Reply::Declined, "The owner refuses."));
        assert_eq!(known.answered_for, None, "the convener sits at no party");
        let all = store.answered(id, table.ada).await.unwrap();
        assert_eq!(all[0].answered, first, "the first answer counts");
        assert_eq!(answering(&all, known.said).n_declined, 1);
        let stands = done!(store, tx => tx.remove_heard(at, true, table.ada));
        assert!(matches!(conflict(stands), Constraint::Value(_)));

        for n in 0..5 {
            done!(store, tx => tx.hear(id, (&format!("no {n}"), ""), table.convener)).unwrap();
        }
        let waits = (Some(Reply::Waits), None);
        let page = store.heard(id, waits, 3, table.bo).await.unwrap();
        assert_eq!((page.len(), &*page[0].text, page[0].party), (3, "no 4", None));
        let rest = store.heard(id, (Some(Reply::Waits), Some(page[2].id)), 9, table.bo).await;
        assert_eq!(rest.unwrap().len(), 2);
        assert_eq!(store.heard(id, (None, None), 9, table.bo).await.unwrap().len(), 6);
    }
}
