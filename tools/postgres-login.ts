import { type Login, logIn } from './database-login';

/**
 * Makes sure that the data is served to who knows its password, rather than let each user of it find out.
 *
 * @throws with what to do
 */
export async function checkLogin(login: Login, dataDir: string): Promise<void> {
  try {
    await logIn(login);
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new Error(
      `The data in ${dataDir} was made with another password. Remove this demo data ` +
        '(npm run reset-data), then start again.',
    );
  }
}
