// Lets Apollo Client, urql and a Relay-like network ask the endpoint by hash; prints answers and what was sent.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

const [url, which, get] = process.argv.slice(2);
const useGet = get === 'get';
const query = 'query Me { me { name } }';
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const sent = [];
const recording = async (to, init = {}) => {
  const body = init.body ? JSON.parse(init.body) : Object.fromEntries(new URL(to).searchParams);
  sent.push({ method: init.method ?? 'GET', text: Boolean(body.query), headers: Object.fromEntries(new Headers(init.headers)) });
  return fetch(to, init);
};

const ask = {
  async apollo() {
    const link = ApolloLink.from([
      new PersistedQueryLink({ sha256, useGETForHashedQueries: useGet }),
      new HttpLink({ uri: url, fetch: recording }),
    ]);
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const { data } = await client.query({ query: gql(query), fetchPolicy: 'network-only' });
    return data;
  },
  async urql() {
    const exchanges = [persistedExchange({ preferGetForPersistedQueries: useGet }), fetchExchange];
    const fetchOptions = { headers: { 'apollo-require-preflight': 'true' } };
    const client = new Client({ url, exchanges, fetch: recording, fetchOptions, preferGetMethod: false });
    const { data, error } = await client.query(query, {}, { requestPolicy: 'network-only' }).toPromise();
    if (error) throw error;
    return data;
  },
};

const answers = [await ask[which](), await ask[which]()];
console.log(JSON.stringify({ answers, sent }));
