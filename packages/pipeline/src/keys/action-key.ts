import { digestValue, type Json } from '@memgeo/artifacts/contract';
import type { Action } from '../store/record.js';

/** Raised when the meaning of a key changes, so that old records are not found. */
export const keyFormat = 2;

/** The key under which an action is remembered. Inputs count by name and content; equal actions have equal keys. See docs/caching.md. */
export function actionKey(action: Action): string {
  return digestValue({ keyFormat, ...action } as unknown as Json).replace('sha256:', '');
}
